package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"github.com/spf13/cobra"

	"stnb.dev/kernel/wire"
	"stnb.dev/notebook/build"
	"stnb.dev/notebook/output"
	"stnb.dev/notebook/params"
	"stnb.dev/notebook/source"
	"stnb.dev/widgets/element"
)

func execCommand() *cobra.Command {
	var asJSON bool
	var copyTo string
	var given []string
	c := &cobra.Command{
		Use:   "exec FILE",
		Short: "Run a notebook or a Go program and print its outputs",
		Long: "Run a notebook or a Go program from top to bottom, without a server, and print\n" +
			"its outputs as text. The exit code is 1 when a cell fails, or what it gave to\n" +
			"os.Exit; the place and the reason stand on standard error, with what cells write\n" +
			"there themselves.\n\n" +
			"-p sets a variable of the cell tagged \"parameters\" to another value, which must\n" +
			"be of its type: text, a number, true or false, a duration such as 90s, or a JSON\n" +
			"array of these. What that cell computes from the variable is not computed again.",
		Example: "  stnb exec report.md -p region=north -p days=30 -o report-north.ipynb\n" +
			"  stnb exec --json report.md | jq 'select(.end)'",
		Args: exactly(1, "a notebook"),
		RunE: func(c *cobra.Command, args []string) error { return execute(c, args[0], given, asJSON, copyTo) },
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print each output as a line of JSON")
	c.Flags().StringVarP(&copyTo, "output", "o", "", "write a copy with the outputs to this .ipynb file")
	c.Flags().StringArrayVarP(&given, "param", "p", nil, "set a parameter, as name=value; may be given again")
	addSettings(c)
	return c
}

func execute(c *cobra.Command, arg string, given []string, asJSON bool, copyTo string) error {
	if copyTo != "" {
		if err := checkCopy(copyTo); err != nil {
			return err
		}
	}
	h, err := prepare(c, arg, given)
	if err != nil {
		return err
	}
	d := h.doc
	ctx, stop := signal.NotifyContext(c.Context(), os.Interrupt)
	defer stop()
	if asJSON {
		j := &jsonPrinter{doc: d, enc: json.NewEncoder(c.OutOrStdout()), ctx: ctx, reader: h}
		h.output, h.ended = j.output, j.ended
	} else {
		p := &printer{doc: d, out: stream{w: c.OutOrStdout()}, err: stream{w: c.ErrOrStderr()}, ctx: ctx, reader: h, shown: map[element.Path]string{}, to: map[element.Path]*stream{}}
		h.output, h.ended = p.output, p.ended
	}
	code, ended := failed.code, h.ended
	h.ended = func(cell string, end *wire.CellEnd, at source.Position) {
		if end.Fault != nil {
			if n, ok := end.Fault.ExitCode(); ok && n != 0 {
				code = n
			}
		}
		ended(cell, end, at)
	}
	var rec *recorder
	if copyTo != "" {
		rec = newRecorder(d)
		h.also(rec)
	}
	err = h.run(ctx)
	if rec != nil { // also of a run that failed: it shows where
		if err := rec.save(copyTo); err != nil {
			return err
		}
	}
	if errors.Is(err, errFailed) {
		return &status{code: code, shown: true}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", arg, err)
	}
	return nil
}

// prepare reads a notebook, sets its parameters and checks it, to be run headless.
// Problems have been printed when the error is failed.
func prepare(c *cobra.Command, arg string, given []string) (*headless, error) {
	d, err := readDocument(arg)
	if err != nil {
		return nil, err
	}
	v, err := settings(c, d.root)
	if err != nil {
		return nil, err
	}
	snap, err := withParams(d, given)
	if err != nil {
		return nil, err
	}
	bad := false
	for _, p := range problems(d, snap) {
		if p.Severity == source.Error {
			fmt.Fprintln(c.ErrOrStderr(), problemLine(d, p))
			bad = true
		}
	}
	if bad {
		return nil, failed
	}
	engine := v.Text("kernel.engine")
	if d.nb.Engine != "" && !c.Flags().Changed("engine") {
		engine = d.nb.Engine
	}
	stdin, chunk := c.InOrStdin(), make([]byte, 64<<10)
	return &headless{
		doc: d, snap: snap, engine: engine, memory: v.Size("kernel.memory"), env: duckDB(v, false, d.root, os.TempDir()),
		input: func() (string, bool) {
			n, err := stdin.Read(chunk)
			return string(chunk[:n]), err != nil
		},
	}, nil
}

// withParams checks the notebook, with the parameters set that were given.
func withParams(d *document, given []string) (*build.Snapshot, error) {
	snap := build.New(build.Options{}).Update(d.nb)
	if len(given) == 0 {
		return snap, nil
	}
	var values []params.Value
	for _, text := range given {
		v, err := params.Parse(text)
		if err != nil {
			return nil, usage("-p: %w", err)
		}
		values = append(values, v)
	}
	nb, err := params.Set(d.nb, snap, values)
	if err != nil {
		return nil, usage("%s: %w", d.name, err)
	}
	d.nb = nb
	return snap.Update(nb), nil
}

// printer writes outputs as text, as they come: what a cell writes to its standard
// error there, all else to standard output.
type printer struct {
	doc      *document
	out, err stream
	ctx      context.Context
	reader   output.Reader
	shown    map[element.Path]string // what was printed for each element
	to       map[element.Path]*stream
}

// stream is one of the two, and knows whether its last line has no end yet.
type stream struct {
	w    io.Writer
	open bool
}

func (s *stream) write(text string) {
	if text == "" {
		return
	}
	io.WriteString(s.w, text)
	s.open = !strings.HasSuffix(text, "\n")
}

// line ends a line that is open.
func (s *stream) line() {
	if s.open {
		s.write("\n")
	}
}

func (p *printer) output(_ string, d element.Delta) {
	switch d.Op {
	case element.Set:
		text := output.Text(d.Element)
		if ref, ok := output.FrameOf(d.Element); ok {
			text = output.FrameText(p.ctx, p.reader, ref)
		}
		p.set(d.Path, d.Element, text)
	case element.Append:
		var data struct {
			Text string     `json:"text"`
			Rows [][]string `json:"rows"`
		}
		if json.Unmarshal(d.Data, &data) != nil {
			return
		}
		for _, row := range data.Rows {
			data.Text += strings.Join(row, "  ") + "\n"
		}
		p.shown[d.Path] += data.Text
		if to := p.to[d.Path]; to != nil {
			to.write(data.Text)
		}
	}
}

// set prints an element that is new or has changed; of what grew, just what is new.
func (p *printer) set(path element.Path, e *element.Element, text string) {
	before, again := p.shown[path]
	p.shown[path], p.to[path] = text, &p.out
	switch {
	case e.Kind == "stdout":
		if output.ToStderr(e) {
			p.to[path] = &p.err
		}
		p.to[path].write(strings.TrimPrefix(text, before))
	case text == "" || again && before == text:
	default:
		p.out.line()
		p.out.write(text + "\n")
	}
}

func (p *printer) ended(_ string, end *wire.CellEnd, at source.Position) {
	p.out.line()
	p.err.line()
	if end.Fault == nil {
		return
	}
	place := p.doc.at(at)
	if at.Line == 0 && end.Cell != "" {
		place = fmt.Sprintf("%s: cell %d", p.doc.name, p.doc.number(end.Cell))
	}
	p.err.write(fmt.Sprintf("%s: %s\n", place, faultText(end.Fault)))
}

// faultText words a fault as Go would.
func faultText(f *wire.Fault) string {
	if f.Kind == "panic" && !strings.HasPrefix(f.Message, "panic: ") {
		return "panic: " + f.Message
	}
	return f.Message
}

// jsonPrinter writes every change as one line of JSON.
type jsonPrinter struct {
	doc    *document
	enc    *json.Encoder
	ctx    context.Context
	reader output.Reader
}

type jsonLine struct {
	Cell   int             `json:"cell"`
	Delta  *element.Delta  `json:"delta,omitempty"`
	End    string          `json:"end,omitempty"` // "ok" or "failed"
	Millis float64         `json:"millis,omitempty"`
	Kind   string          `json:"kind,omitempty"` // of a fault
	Error  string          `json:"error,omitempty"`
	At     string          `json:"at,omitempty"` // line:column
	Rows   json.RawMessage `json:"rows,omitempty"`
}

// shownRows is how much of a frame is in the JSON.
const shownRows = 10

func (j *jsonPrinter) output(cell string, d element.Delta) {
	line := jsonLine{Cell: j.doc.number(cell), Delta: &d}
	if d.Element != nil {
		if ref, ok := output.FrameOf(d.Element); ok {
			if records, _, err := output.Rows(j.ctx, j.reader, ref, shownRows); err == nil {
				line.Rows, _ = json.Marshal(records)
			}
		}
	}
	j.enc.Encode(line)
}

func (j *jsonPrinter) ended(cell string, end *wire.CellEnd, at source.Position) {
	line := jsonLine{Cell: j.doc.number(cell), End: "ok", Millis: end.Millis}
	if end.Fault != nil {
		line.End, line.Kind, line.Error = "failed", end.Fault.Kind, faultText(end.Fault)
		if at.Line > 0 {
			line.At = fmt.Sprintf("%d:%d", at.Line, at.Column)
		}
	}
	j.enc.Encode(line)
}
