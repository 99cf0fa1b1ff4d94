package ssa

// The forms of signatures by how many parameters and results they have: form21 is of
// two parameters and one result.

func fnAs[F any](fv *ptr) F { return *(*F)(ptr(fv)) }

func call00(_, _ []uintptr) caller {
	return func(_ *task, _ ptr, fv ptr) { fnAs[func()](&fv)() }
}

// start readies a closure's frame on the calling goroutine's task; nil when the
// goroutine is no task yet, then f runs on one made for it.
func (c *closure) start() (*task, *code, ptr) {
	t := c.inst.current()
	if t == nil {
		return nil, nil, nil
	}
	k := c.fn.code.Load()
	if k == nil {
		k = c.fn.body()
	}
	n := t.take(k)
	if len(c.fn.free) > 0 {
		c.load(n)
	}
	return t, k, n
}

// current is the task of the calling goroutine, or nil.
func (i *instance) current() *task {
	g := getg()
	if t := i.last.Load(); t != nil && t.g == g {
		return t
	}
	v, ok := i.tasks.Load(g)
	if !ok {
		return nil
	}
	t := v.(*task)
	i.last.Store(t)
	return t
}

func value[F any](f F) ptr { return *(*ptr)(ptr(&f)) }

func adapt00(c *closure) ptr {
	return value(func() {
		t, k, n := c.start()
		if t == nil {
			c.inst.enter(func(*task) {
				t, k, n := c.start()
				k.run(t, n)
				t.give(k, n)
			})
			return
		}
		k.run(t, n)
		t.give(k, n)
	})
}

// begin readies the frame of the func behind a method.
func (m *userMethod) begin(recv ptr) (*task, *code, ptr, *layout) {
	i := currentInstance(m)
	t := i.current()
	if t == nil {
		return nil, nil, nil, nil
	}
	g := i.prog().methodFn(m)
	k := g.body()
	n := t.take(k)
	g.receiver(n, recv)
	return t, k, n, g.lay
}

// outside runs f, which enters the method again, as a task of its own.
func (m *userMethod) outside(f func()) {
	currentInstance(m).enter(func(*task) { f() })
}

func enter00(m *userMethod) ptr {
	var self func(ptr)
	self = func(recv ptr) {
		t, k, n, _ := m.begin(recv)
		if t == nil {
			m.outside(func() { self(recv) })
			return
		}
		k.run(t, n)
		t.give(k, n)
	}
	return value(self)
}

func form01[R any]() forms {
	return forms{
		call: func(_, res []uintptr) caller {
			r := res[0]
			return func(_ *task, f ptr, fv ptr) { *at[R](f, r) = fnAs[func() R](&fv)() }
		},
		adapt: func(c *closure) ptr {
			return value(func() (r R) {
				t, k, n := c.start()
				if t == nil {
					c.inst.enter(func(*task) {
						t, k, n := c.start()
						k.run(t, n)
						r = *at[R](n, c.fn.lay.res[0])
						t.give(k, n)
					})
					return
				}
				k.run(t, n)
				r = *at[R](n, c.fn.lay.res[0])
				t.give(k, n)
				return
			})
		},
	}
}

func meth01[R any]() forms {
	return forms{enter: func(m *userMethod) ptr {
		var self func(ptr) R
		self = func(recv ptr) (r R) {
			t, k, n, l := m.begin(recv)
			if t == nil {
				m.outside(func() { r = self(recv) })
				return
			}
			k.run(t, n)
			r = *at[R](n, l.res[0])
			t.give(k, n)
			return
		}
		return value(self)
	}}
}

func form02[R, S any]() forms {
	return forms{
		call: func(_, res []uintptr) caller {
			r, s := res[0], res[1]
			return func(_ *task, f ptr, fv ptr) { *at[R](f, r), *at[S](f, s) = fnAs[func() (R, S)](&fv)() }
		},
		adapt: func(c *closure) ptr {
			return value(func() (r R, s S) {
				t, k, n := c.start()
				if t == nil {
					c.inst.enter(func(*task) {
						t, k, n := c.start()
						k.run(t, n)
						r, s = *at[R](n, c.fn.lay.res[0]), *at[S](n, c.fn.lay.res[1])
						t.give(k, n)
					})
					return
				}
				k.run(t, n)
				r, s = *at[R](n, c.fn.lay.res[0]), *at[S](n, c.fn.lay.res[1])
				t.give(k, n)
				return
			})
		},
	}
}

func meth02[R, S any]() forms {
	return forms{enter: func(m *userMethod) ptr {
		var self func(ptr) (R, S)
		self = func(recv ptr) (r R, s S) {
			t, k, n, l := m.begin(recv)
			if t == nil {
				m.outside(func() { r, s = self(recv) })
				return
			}
			k.run(t, n)
			r, s = *at[R](n, l.res[0]), *at[S](n, l.res[1])
			t.give(k, n)
			return
		}
		return value(self)
	}}
}

func form10[A any]() forms {
	return forms{
		call: func(args, _ []uintptr) caller {
			a := args[0]
			return func(_ *task, f ptr, fv ptr) { fnAs[func(A)](&fv)(*at[A](f, a)) }
		},
		adapt: func(c *closure) ptr {
			return value(func(a A) {
				t, k, n := c.start()
				if t == nil {
					c.inst.enter(func(*task) {
						t, k, n := c.start()
						*at[A](n, c.fn.lay.par[0]) = a
						k.run(t, n)
						t.give(k, n)
					})
					return
				}
				*at[A](n, c.fn.lay.par[0]) = a
				k.run(t, n)
				t.give(k, n)
			})
		},
	}
}

func meth10[A any]() forms {
	return forms{enter: func(m *userMethod) ptr {
		var self func(ptr, A)
		self = func(recv ptr, a A) {
			t, k, n, l := m.begin(recv)
			if t == nil {
				m.outside(func() { self(recv, a) })
				return
			}
			*at[A](n, l.par[0]) = a
			k.run(t, n)
			t.give(k, n)
		}
		return value(self)
	}}
}

func call11[A, R any]() forms {
	return forms{call: func(args, res []uintptr) caller {
		a, r := args[0], res[0]
		return func(_ *task, f ptr, fv ptr) { *at[R](f, r) = fnAs[func(A) R](&fv)(*at[A](f, a)) }
	}}
}

func form11[A, R any]() forms {
	return forms{
		call: call11[A, R]().call,
		adapt: func(c *closure) ptr {
			return value(func(a A) (r R) {
				t, k, n := c.start()
				if t == nil {
					c.inst.enter(func(*task) {
						t, k, n := c.start()
						*at[A](n, c.fn.lay.par[0]) = a
						k.run(t, n)
						r = *at[R](n, c.fn.lay.res[0])
						t.give(k, n)
					})
					return
				}
				*at[A](n, c.fn.lay.par[0]) = a
				k.run(t, n)
				r = *at[R](n, c.fn.lay.res[0])
				t.give(k, n)
				return
			})
		},
	}
}

func meth11[A, R any]() forms {
	return forms{enter: func(m *userMethod) ptr {
		var self func(ptr, A) R
		self = func(recv ptr, a A) (r R) {
			t, k, n, l := m.begin(recv)
			if t == nil {
				m.outside(func() { r = self(recv, a) })
				return
			}
			*at[A](n, l.par[0]) = a
			k.run(t, n)
			r = *at[R](n, l.res[0])
			t.give(k, n)
			return
		}
		return value(self)
	}}
}

func call12[A, R, S any]() forms {
	return forms{
		call: func(args, res []uintptr) caller {
			a, r, s := args[0], res[0], res[1]
			return func(_ *task, f ptr, fv ptr) {
				*at[R](f, r), *at[S](f, s) = fnAs[func(A) (R, S)](&fv)(*at[A](f, a))
			}
		},
	}
}

func meth12[A, R, S any]() forms {
	return forms{enter: func(m *userMethod) ptr {
		var self func(ptr, A) (R, S)
		self = func(recv ptr, a A) (r R, s S) {
			t, k, n, l := m.begin(recv)
			if t == nil {
				m.outside(func() { r, s = self(recv, a) })
				return
			}
			*at[A](n, l.par[0]) = a
			k.run(t, n)
			r, s = *at[R](n, l.res[0]), *at[S](n, l.res[1])
			t.give(k, n)
			return
		}
		return value(self)
	}}
}

func form20[A, B any]() forms {
	return forms{
		call: func(args, _ []uintptr) caller {
			a, b := args[0], args[1]
			return func(_ *task, f ptr, fv ptr) { fnAs[func(A, B)](&fv)(*at[A](f, a), *at[B](f, b)) }
		},
		adapt: func(c *closure) ptr {
			return value(func(a A, b B) {
				t, k, n := c.start()
				if t == nil {
					c.inst.enter(func(*task) {
						t, k, n := c.start()
						*at[A](n, c.fn.lay.par[0]), *at[B](n, c.fn.lay.par[1]) = a, b
						k.run(t, n)
						t.give(k, n)
					})
					return
				}
				*at[A](n, c.fn.lay.par[0]), *at[B](n, c.fn.lay.par[1]) = a, b
				k.run(t, n)
				t.give(k, n)
			})
		},
	}
}

func meth20[A, B any]() forms {
	return forms{enter: func(m *userMethod) ptr {
		var self func(ptr, A, B)
		self = func(recv ptr, a A, b B) {
			t, k, n, l := m.begin(recv)
			if t == nil {
				m.outside(func() { self(recv, a, b) })
				return
			}
			*at[A](n, l.par[0]), *at[B](n, l.par[1]) = a, b
			k.run(t, n)
			t.give(k, n)
		}
		return value(self)
	}}
}

func call21[A, B, R any]() forms {
	return forms{call: func(args, res []uintptr) caller {
		a, b, r := args[0], args[1], res[0]
		return func(_ *task, f ptr, fv ptr) {
			*at[R](f, r) = fnAs[func(A, B) R](&fv)(*at[A](f, a), *at[B](f, b))
		}
	}}
}

func form21[A, B, R any]() forms {
	return forms{
		call: call21[A, B, R]().call,
		adapt: func(c *closure) ptr {
			return value(func(a A, b B) (r R) {
				t, k, n := c.start()
				if t == nil {
					c.inst.enter(func(*task) {
						t, k, n := c.start()
						*at[A](n, c.fn.lay.par[0]), *at[B](n, c.fn.lay.par[1]) = a, b
						k.run(t, n)
						r = *at[R](n, c.fn.lay.res[0])
						t.give(k, n)
					})
					return
				}
				*at[A](n, c.fn.lay.par[0]), *at[B](n, c.fn.lay.par[1]) = a, b
				k.run(t, n)
				r = *at[R](n, c.fn.lay.res[0])
				t.give(k, n)
				return
			})
		},
	}
}

func meth21[A, B, R any]() forms {
	return forms{enter: func(m *userMethod) ptr {
		var self func(ptr, A, B) R
		self = func(recv ptr, a A, b B) (r R) {
			t, k, n, l := m.begin(recv)
			if t == nil {
				m.outside(func() { r = self(recv, a, b) })
				return
			}
			*at[A](n, l.par[0]), *at[B](n, l.par[1]) = a, b
			k.run(t, n)
			r = *at[R](n, l.res[0])
			t.give(k, n)
			return
		}
		return value(self)
	}}
}

// From here on only calls have their own form: native code rarely calls user
// code with so many values.

func call22[A, B, R, S any]() forms {
	return forms{call: func(args, res []uintptr) caller {
		a, b, r, s := args[0], args[1], res[0], res[1]
		return func(_ *task, f ptr, fv ptr) {
			*at[R](f, r), *at[S](f, s) = fnAs[func(A, B) (R, S)](&fv)(*at[A](f, a), *at[B](f, b))
		}
	}}
}

func call30[A, B, C any]() forms {
	return forms{call: func(args, _ []uintptr) caller {
		a, b, c := args[0], args[1], args[2]
		return func(_ *task, f ptr, fv ptr) {
			fnAs[func(A, B, C)](&fv)(*at[A](f, a), *at[B](f, b), *at[C](f, c))
		}
	}}
}

func call31[A, B, C, R any]() forms {
	return forms{call: func(args, res []uintptr) caller {
		a, b, c, r := args[0], args[1], args[2], res[0]
		return func(_ *task, f ptr, fv ptr) {
			*at[R](f, r) = fnAs[func(A, B, C) R](&fv)(*at[A](f, a), *at[B](f, b), *at[C](f, c))
		}
	}}
}

func call32[A, B, C, R, S any]() forms {
	return forms{call: func(args, res []uintptr) caller {
		a, b, c, r, s := args[0], args[1], args[2], res[0], res[1]
		return func(_ *task, f ptr, fv ptr) {
			*at[R](f, r), *at[S](f, s) = fnAs[func(A, B, C) (R, S)](&fv)(*at[A](f, a), *at[B](f, b), *at[C](f, c))
		}
	}}
}
