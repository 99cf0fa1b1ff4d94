package engine

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"reflect"
	"strings"
	"sync"
)

// Placer is an instance that explains the program counters it gives to user code.
type Placer interface {
	// Place is where one is in the program's text.
	Place(pc uintptr) (file string, line int, ok bool)
}

// Log writes a line with l, in package log's form: where l's flags ask for a file, it is
// the given one.
func Log(l *log.Logger, file string, line int, text string) error {
	flags, prefix, at := l.Flags(), l.Prefix(), ""
	if flags&(log.Lshortfile|log.Llongfile) != 0 {
		if flags&log.Lshortfile != 0 {
			file = file[strings.LastIndexByte(file, '/')+1:]
		}
		at = fmt.Sprintf("%s:%d: ", file, line)
	}
	if flags&log.Lmsgprefix != 0 {
		at, prefix = at+prefix, ""
	}
	w := l.Writer()
	if w == io.Discard {
		return nil
	}
	var b bytes.Buffer
	err := log.New(&b, prefix, flags&^(log.Lshortfile|log.Llongfile|log.Lmsgprefix)).Output(0, at+text)
	if err != nil {
		return err
	}
	mu := reflect.ValueOf(l).Elem().FieldByName("outMu").Addr().UnsafePointer()
	(*sync.Mutex)(mu).Lock()
	defer (*sync.Mutex)(mu).Unlock()
	_, err = w.Write(b.Bytes())
	return err
}
