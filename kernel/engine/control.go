package engine

import (
	"fmt"

	"stnb.dev/kernel/wire"
)

// Control is what user code panics with when it is ended on purpose: st.Stop,
// st.Rerun, a stopped run, os.Exit, runtime.Goexit. Lowered text hands every
// recovered value to widgets/core's Recovered, which raises controls again, so a
// user's recover never swallows one. Packages that cannot import this one (the
// widgets) implement it by shape.
type Control interface {
	error
	// StnbControl names the control: "stop", "rerun", "stopped", "exit", "goexit".
	StnbControl() string
}

// Stopped ends user code whose run was stopped.
type Stopped struct{ Cause error }

func (s *Stopped) Error() string {
	if s.Cause != nil {
		return "stopped: " + s.Cause.Error()
	}
	return "stopped"
}

// StnbControl names the control.
func (*Stopped) StnbControl() string { return "stopped" }

// Exit is a call of os.Exit.
type Exit struct{ Code int }

func (e *Exit) Error() string { return fmt.Sprintf("exit status %d", e.Code) }

// StnbControl names the control.
func (*Exit) StnbControl() string { return "exit" }

// Goexit is a call of runtime.Goexit.
type Goexit struct{}

func (*Goexit) Error() string { return "runtime.Goexit called" }

// StnbControl names the control.
func (*Goexit) StnbControl() string { return "goexit" }

// Finish turns the end of a call by a control into what Call and Do return: the
// controls of the widgets unchanged, the engine's own as faults.
func Finish(c Control) error {
	switch c := c.(type) {
	case *Stopped:
		return &Fault{wire.Fault{Kind: "stopped", Message: c.Error()}}
	case *Exit:
		return &Fault{wire.Fault{Kind: "exit", Message: c.Error()}}
	case *Goexit:
		return &Fault{wire.Fault{Kind: "exit", Message: c.Error()}}
	}
	return c
}
