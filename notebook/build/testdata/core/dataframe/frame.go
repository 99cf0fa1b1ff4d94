// Package dataframe stands in for the real one.
package dataframe

type Frame struct{ Text string }

func (f *Frame) String() string { return "frame of " + f.Text }
