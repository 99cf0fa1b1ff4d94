package apptest

import (
	"context"
	"errors"
	"io"
	"sync"

	"stnb.dev/kernel/wire"
	"stnb.dev/notebook/session"
)

// pipeKernel is a worker in this process, at the other end of two pipes. What it
// sees and says is what a worker in a process of its own would.
type pipeKernel struct {
	conn  *wire.Conn
	close func()
	once  sync.Once
	quiet chan struct{} // closed by Close and Kill: its end is no news
}

// overPipes starts serve as a kernel in this process.
func overPipes(hello wire.Hello, serve func(ctx context.Context, r io.Reader, w io.Writer) error) session.Launch {
	return func(_ context.Context, engine string, receive func(wire.Message), exited func(string)) (session.Kernel, error) {
		toR, toW := io.Pipe()
		fromR, fromW := io.Pipe()
		ctx, cancel := context.WithCancel(context.Background())
		k := &pipeKernel{conn: wire.NewConn(fromR, toW), quiet: make(chan struct{})}
		k.close = func() {
			cancel()
			toW.Close()
			fromR.CloseWithError(io.EOF)
		}
		served := make(chan error, 1)
		go func() {
			err := serve(ctx, toR, fromW)
			fromW.Close()
			toR.CloseWithError(errors.New("the kernel has ended"))
			served <- err
		}()
		hello := hello
		if hello.Engine = engine; engine == "" {
			hello.Engine = "auto"
		}
		if _, err := k.conn.Greet(hello); err != nil {
			k.close()
			return nil, err
		}
		go func() {
			for {
				m, err := k.conn.Receive()
				if err != nil {
					break
				}
				receive(m)
			}
			cause := "the kernel ended"
			if err := <-served; err != nil {
				cause = err.Error()
			}
			select {
			case <-k.quiet:
			default:
				exited(cause)
			}
		}()
		return k, nil
	}
}

func (k *pipeKernel) Send(m wire.Message) error { return k.conn.Send(m) }
func (k *pipeKernel) Close()                    { k.once.Do(func() { close(k.quiet); k.close() }) }
func (k *pipeKernel) Kill()                     { k.Close() }
