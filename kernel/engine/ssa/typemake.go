package ssa

import (
	"reflect"
)

// typeMemory is a run-time type with room for its methods.
type typeMemory[T, M any] struct {
	typ     T
	uncom   uncommon
	methods M
}

// funcMemory has the parameters of a func type before its methods, where the
// runtime looks for them.
type funcMemory[P, M any] struct {
	typ     funcType
	uncom   uncommon
	params  P
	methods M
}

func allocType[T any](n int) (*rtype, *uncommon, []method) {
	switch {
	case n == 0:
		m := new(typeMemory[T, struct{}])
		return (*rtype)(ptr(m)), &m.uncom, nil
	case n <= 8:
		m := new(typeMemory[T, [8]method])
		return (*rtype)(ptr(m)), &m.uncom, m.methods[:n]
	case n <= 64:
		m := new(typeMemory[T, [64]method])
		return (*rtype)(ptr(m)), &m.uncom, m.methods[:n]
	}
	m := new(typeMemory[T, [1024]method])
	return (*rtype)(ptr(m)), &m.uncom, m.methods[:n]
}

func allocFunc(n int) (*rtype, *uncommon, []method) {
	if n <= 16 {
		m := new(funcMemory[[32]*rtype, [16]method])
		return (*rtype)(ptr(m)), &m.uncom, m.methods[:n]
	}
	m := new(funcMemory[[32]*rtype, [1024]method])
	return (*rtype)(ptr(m)), &m.uncom, m.methods[:n]
}

func allocKind(k reflect.Kind, n int) (*rtype, *uncommon, []method) {
	switch k {
	case reflect.Struct:
		return allocType[structType](n)
	case reflect.Pointer:
		return allocType[ptrType](n)
	case reflect.Func:
		return allocFunc(n)
	case reflect.Slice:
		return allocType[sliceType](n)
	case reflect.Array:
		return allocType[arrayType](n)
	case reflect.Chan:
		return allocType[chanType](n)
	case reflect.Map:
		return allocType[mapType](n)
	case reflect.Interface:
		return allocType[interfaceType](n)
	}
	return allocType[rtype](n)
}
