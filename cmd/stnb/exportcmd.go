package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"stnb.dev/kernel/wire"
	"stnb.dev/notebook"
	"stnb.dev/notebook/export"
	"stnb.dev/notebook/file"
	"stnb.dev/notebook/output"
	"stnb.dev/notebook/source"
	"stnb.dev/ui"
	"stnb.dev/widgets/element"
	"stnb.dev/widgets/markdown"
)

func exportCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "export",
		Short: "Make a page, a text, a PDF or a program of a notebook",
		Long: "Make a page, a text, a PDF or a program of a notebook, to be read or run without\n" +
			"stnb. But for export go, the notebook is run first, from top to bottom.",
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage("there is no command %q; see stnb help export", "export "+args[0])
			}
			return c.Help()
		},
	}
	c.AddCommand(
		exportAs("html", ".html", "Make one HTML file with code, outputs, charts and tables",
			"Make one HTML file that needs no server and no network: code, outputs, charts and\n"+
				"tables that can be sorted and searched (their first 10,000 rows). Widgets are\n"+
				"shown with the value they have.", exportHTML),
		exportAs("md", "-outputs.md", "Make a Markdown text with code and outputs",
			"Make a Markdown text with code and outputs, as forges show it.", exportMarkdown),
		exportAs("pdf", ".pdf", "Print a notebook to PDF, with the browser that is there",
			"Print the notebook's page (export html) to PDF. It takes Chromium or Chrome; the\n"+
				"variable STNB_BROWSER names one that is not in PATH.", exportPDF),
		exportGoCommand(),
	)
	return c
}

// exportOptions are what all exports take.
type exportOptions struct {
	output   string
	force    bool
	hideCode bool
	params   []string
}

func (o *exportOptions) flags(c *cobra.Command) {
	c.Flags().StringVarP(&o.output, "output", "o", "", "the file to make; - prints it")
	c.Flags().BoolVarP(&o.force, "force", "f", false, "overwrite a file that is there already")
}

// write writes the export where it belongs.
func (o *exportOptions) write(c *cobra.Command, from, ending string, data []byte) error {
	if o.output == "-" {
		_, err := c.OutOrStdout().Write(data)
		return err
	}
	to := o.target(from, ending)
	if err := writeNew(to, data, o.force); err != nil {
		return err
	}
	fmt.Fprintf(c.OutOrStdout(), "Made %s.\n", to)
	return nil
}

func (o *exportOptions) target(from, ending string) string {
	if o.output != "" {
		return o.output
	}
	return strings.TrimSuffix(from, filepath.Ext(from)) + ending
}

// check refuses at once what could not be written in the end.
func (o *exportOptions) check(from, ending string) error {
	to := o.target(from, ending)
	if a, err := os.Stat(from); err == nil {
		if b, err := os.Stat(to); err == nil && os.SameFile(a, b) {
			return fmt.Errorf("%s is the notebook itself", to)
		}
	}
	if _, err := os.Lstat(to); err == nil && !o.force && to != "-" {
		return fmt.Errorf("%s is there already; --force overwrites it", to)
	}
	return nil
}

func exportAs(format, ending, short, long string, render func(*cobra.Command, *ran, exportOptions) ([]byte, error)) *cobra.Command {
	var o exportOptions
	c := &cobra.Command{
		Use: format + " FILE", Short: short, Long: long,
		Args: exactly(1, "a notebook"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.check(args[0], ending); err != nil {
				return err
			}
			var data []byte
			broken, err := runFor(c, args[0], o.params, func(r *ran) (err error) {
				data, err = render(c, r, o)
				return err
			})
			if err != nil {
				return err
			}
			if err := o.write(c, args[0], ending, data); err != nil {
				return err
			}
			if broken {
				return failed
			}
			return nil
		},
	}
	o.flags(c)
	c.Flags().BoolVar(&o.hideCode, "no-code", false, "leave the code out")
	c.Flags().StringArrayVarP(&o.params, "param", "p", nil, "set a parameter, as name=value; may be given again")
	return c
}

// ran is a notebook that was run, while its kernel still answers.
type ran struct {
	doc    *document
	rec    *recorder
	ctx    context.Context
	reader output.Reader
}

// runFor runs a notebook and hands it to use before its kernel ends. broken: a
// cell failed, which has been said.
func runFor(c *cobra.Command, arg string, given []string, use func(*ran) error) (broken bool, err error) {
	h, err := prepare(c, arg, given)
	if err != nil {
		return false, err
	}
	h.input = func() (string, bool) { return "", true }
	h.output = func(string, element.Delta) {}
	h.ended = func(cell string, end *wire.CellEnd, at source.Position) {
		if end.Fault != nil {
			fmt.Fprintf(c.ErrOrStderr(), "%s: %s\n", h.doc.at(at), faultText(end.Fault))
		}
	}
	rec := newRecorder(h.doc)
	h.also(rec)
	over := h.over
	var used error
	called := false
	h.over = func(ctx context.Context, again bool) {
		over(ctx, again)
		if !again {
			called = true
			used = use(&ran{doc: h.doc, rec: rec, ctx: ctx, reader: h})
		}
	}
	ctx, stop := signal.NotifyContext(c.Context(), os.Interrupt)
	defer stop()
	err = h.run(ctx)
	switch {
	case errors.Is(err, errFailed) && called:
		return true, used
	case errors.Is(err, errFailed):
		return true, failed
	case err != nil:
		return false, fmt.Errorf("%s: %w", arg, err)
	}
	return false, used
}

// title is the notebook's, or its file's name.
func (r *ran) title() string {
	if r.doc.nb.Title != "" {
		return r.doc.nb.Title
	}
	return strings.TrimSuffix(r.doc.file, filepath.Ext(r.doc.file))
}

func exportMarkdown(_ *cobra.Command, r *ran, o exportOptions) ([]byte, error) {
	var cells []export.Cell
	for i, c := range r.doc.nb.Cells {
		c.HideCode = c.HideCode || o.hideCode
		cells = append(cells, export.Cell{Cell: c, Number: i + 1, Outputs: r.rec.outputs[c.ID]})
	}
	return export.Markdown(r.doc.nb.Title, cells), nil
}

func exportHTML(_ *cobra.Command, r *ran, o exportOptions) ([]byte, error) {
	style, ok := ui.Embedded().File("exported/page.css")
	if !ok {
		return nil, ui.ErrNotBuilt
	}
	p := export.Page{Title: r.title(), Screen: r.rec.all, HideCode: o.hideCode, Style: style.Body}
	for _, c := range r.doc.nb.Cells {
		cell := export.PageCell{ID: string(c.ID), Kind: string(c.Kind), Name: c.Name, Hidden: c.HideCode}
		list := r.rec.outputs[c.ID]
		switch {
		case c.Kind == notebook.Raw:
			continue
		case c.Kind != notebook.Markdown:
			cell.Source = c.Source
		case len(list) == 0:
			cell.HTML = markdown.Cell(c.Source, r.doc.nb.Dir, file.Attachments(c))
		}
		cell.Text = plainText(list)
		p.Cells = append(p.Cells, cell)
	}
	for _, name := range append(p.Libraries(), "page") {
		script, ok := ui.Embedded().File("exported/"+name+".js", "gzip")
		if !ok || script.Encoding != "gzip" {
			return nil, ui.ErrNotBuilt
		}
		p.Scripts = append(p.Scripts, script.Body)
	}
	return export.HTML(r.ctx, p, r.reader)
}

// plainText is outputs for those who cannot see the page.
func plainText(list []*output.Output) string {
	var parts []string
	for _, o := range list {
		switch {
		case o.Text != nil:
			parts = append(parts, strings.TrimRight(output.Uncoloured(*o.Text), "\n"))
		case o.Traceback != nil:
			parts = append(parts, strings.Join(*o.Traceback, "\n"))
		default:
			if text, ok := o.Data["text/plain"].(string); ok && text != "" {
				parts = append(parts, text)
			}
		}
	}
	return strings.Join(parts, "\n")
}

// browsers are the names of those that can print.
var browsers = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge"}

func findBrowser() (string, error) {
	if name := os.Getenv("STNB_BROWSER"); name != "" {
		path, err := exec.LookPath(name)
		if err != nil {
			return "", fmt.Errorf("STNB_BROWSER is %s: %w", name, err)
		}
		return path, nil
	}
	for _, name := range browsers {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("export pdf needs Chromium or Chrome: install one, or name it in STNB_BROWSER; export html needs none")
}

// printTime is how long a browser may take.
const printTime = 2 * time.Minute

func exportPDF(c *cobra.Command, r *ran, o exportOptions) ([]byte, error) {
	browser, err := findBrowser()
	if err != nil {
		return nil, err
	}
	html, err := exportHTML(c, r, o)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "stnb-print-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	page, pdf := filepath.Join(dir, "page.html"), filepath.Join(dir, "page.pdf")
	if err := os.WriteFile(page, html, 0o600); err != nil {
		return nil, err
	}
	args := []string{
		"--headless", "--disable-gpu", "--no-first-run", "--user-data-dir=" + filepath.Join(dir, "profile"),
		"--no-pdf-header-footer", "--virtual-time-budget=10000", "--print-to-pdf=" + pdf,
	}
	if os.Geteuid() == 0 {
		args = append(args, "--no-sandbox") // its sandbox refuses to run as root; the page is our own
	}
	ctx, cancel := context.WithTimeout(r.ctx, printTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, browser, append(args, "file://"+page)...)
	said, err := cmd.CombinedOutput()
	data, readErr := os.ReadFile(pdf)
	if readErr != nil {
		return nil, fmt.Errorf("%s did not print: %w; %s", browser, errors.Join(err, readErr), lastLine(string(said)))
	}
	return data, nil
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}

func exportGoCommand() *cobra.Command {
	var o exportOptions
	c := &cobra.Command{
		Use:   "go FILE",
		Short: "Make a Go program",
		Long: "Make a Go program of one file: each cell a func, called in order by main; what a\n" +
			"cell shows is printed. It compiles with go build when the notebook uses the\n" +
			"standard library and packages beside it; of stnb's own packages it says that it\n" +
			"needs them.",
		Args: exactly(1, "a notebook"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.check(args[0], ".go"); err != nil {
				return err
			}
			h, err := prepare(c, args[0], o.params)
			if err != nil {
				return err
			}
			p, err := export.Go(h.doc.nb, h.snap)
			if err != nil {
				return err
			}
			for _, cell := range h.doc.nb.Cells {
				for _, path := range p.Needs[cell.ID] {
					fmt.Fprintf(c.ErrOrStderr(), "%s: cell %d uses %s, which shows something in stnb only\n", args[0], h.doc.number(string(cell.ID)), path)
				}
			}
			return o.write(c, args[0], ".go", p.Source)
		},
	}
	o.flags(c)
	c.Flags().StringArrayVarP(&o.params, "param", "p", nil, "set a parameter, as name=value; may be given again")
	return c
}
