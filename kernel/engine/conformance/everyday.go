// Package conformance holds what both engines are measured by: programs, and what
// the real compiler makes of them.
package conformance

import (
	"embed"
	"path"
	"strings"

	"golang.org/x/tools/txtar"
)

//go:embed testdata/*/*.txtar
var programs embed.FS

// Case is a whole program, as its author would run it with `go run`.
type Case struct {
	Name   string // subject/program
	Source string // of package main
	// Want is what it prints to standard output; a program that ends in another
	// way than by returning from main has a last line "[exit N] " and the first
	// line of its standard error.
	Want string
}

// Everyday returns programs that cover what the Go tour, Effective Go and Go by
// Example teach: the language and the library as people use them every day.
func Everyday() []Case { return read("everyday") }

// Hard returns programs in the corners of the language and the library. Not every
// engine takes them all.
func Hard() []Case { return read("hard") }

func read(folder string) []Case {
	var cases []Case
	entries, err := programs.ReadDir("testdata/" + folder)
	if err != nil {
		panic(err) // embedded: always there
	}
	for _, e := range entries {
		text, err := programs.ReadFile("testdata/" + folder + "/" + e.Name())
		if err != nil {
			panic(err)
		}
		subject := strings.TrimSuffix(e.Name(), path.Ext(e.Name()))
		files := txtar.Parse(text).Files
		for i := 0; i+1 < len(files); i += 2 {
			cases = append(cases, Case{
				Name:   subject + "/" + strings.TrimSuffix(files[i].Name, ".go"),
				Source: string(files[i].Data),
				Want:   string(files[i+1].Data),
			})
		}
	}
	return cases
}
