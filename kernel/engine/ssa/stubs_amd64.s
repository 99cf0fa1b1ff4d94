#include "textflag.h"

// Entry n of methodStubs jumps to the Go func value in slot n of methodTable: it
// puts the func value in the closure register, as a call of a func value does,
// and leaves every argument register as it is.

#define S1(n) MOVQ ·methodTable+((n)*8)(SB), DX; MOVQ (DX), R12; JMP R12;
#define S4(n) S1(n) S1((n)+1) S1((n)+2) S1((n)+3)
#define S16(n) S4(n) S4((n)+4) S4((n)+8) S4((n)+12)
#define S64(n) S16(n) S16((n)+16) S16((n)+32) S16((n)+48)
#define S256(n) S64(n) S64((n)+64) S64((n)+128) S64((n)+192)
#define S1024(n) S256(n) S256((n)+256) S256((n)+512) S256((n)+768)

TEXT ·methodStubs(SB), NOSPLIT|NOFRAME, $0-0
	S1024(0)
	S1024(1024)
	S1024(2048)
	S1024(3072)
	S1024(4096)
	S1024(5120)
	S1024(6144)
	S1024(7168)

// func methodStubsPC() uintptr
TEXT ·methodStubsPC(SB), NOSPLIT, $0-8
	LEAQ ·methodStubs(SB), AX
	MOVQ AX, ret+0(FP)
	RET

// func getg() uintptr
TEXT ·getg(SB), NOSPLIT, $0-8
	MOVQ (TLS), AX
	MOVQ AX, ret+0(FP)
	RET
