package examples

import (
	"strings"
	"testing"

	"stnb.dev/appmode/apptest"
	"stnb.dev/notebook"
	"stnb.dev/notebook/session"
)

// asks waits until the cell asks for input.
func (e *editor) asks(id notebook.CellID) {
	e.t.Helper()
	e.until(string(id)+" asks for input", func() bool { a := e.document().Ask; return a != nil && a.Cell == id })
}

// A cell that reads standard input asks for it, by whatever way it reads.
func TestStandardInput(t *testing.T) {
	for _, engine := range engines {
		t.Run(engine, func(t *testing.T) {
			e := editOn(t, engine,
				"import \"fmt\"\nvar name string\nvar age int\nfmt.Print(\"Who? \")\nfmt.Scan(&name, &age)\nname\nage + 1",
				"import (\"bufio\"; \"os\"; \"strings\")\nlines := []string{}\nsc := bufio.NewScanner(os.Stdin)\nfor sc.Scan() { lines = append(lines, strings.ToUpper(sc.Text())) }\nlines",
				"in := bufio.NewReader(os.Stdin)\nline, err := in.ReadString('\\n')\nline\nerr",
				"n := 41\nn + 1")
			run := func(id notebook.CellID) { e.do(session.Op{Run: &session.Run{Cells: ids(id)}}) }
			say := func(text string, eof bool) { e.do(session.Op{Input: &session.Input{Text: text, EOF: eof}}) }
			run("a")
			e.asks("a")
			say("Ada\n", false)
			e.asks("a")
			say("36\n", false)
			e.rest()
			e.want("Scan", e.shows("a"), "Who? Ada\n36 <p>Ada</p> 37")
			if e.document().Ask != nil {
				t.Error("it still asks")
			}
			run("b")
			e.asks("b")
			say("one\ntwo\n", false)
			e.asks("b")
			say("three", true)
			e.rest()
			if got := e.shows("b"); !strings.Contains(got, `["ONE", "TWO", "THREE"]`) {
				t.Errorf("Scanner: %s", got)
			}
			// After its end, the next run has input again; an interrupt ends the wait.
			run("c")
			e.asks("c")
			e.do(session.Op{Interrupt: &session.Interrupt{}})
			e.rest()
			if e.document().Ask != nil {
				t.Error("it asks though it was stopped")
			}
			if err := e.Do("test", session.Op{Input: &session.Input{Text: "late\n"}}); err == nil {
				t.Error("input is taken though nobody waits")
			}
			run("c")
			e.asks("c")
			say("again\n", false)
			e.rest()
			if got := e.shows("c"); !strings.Contains(got, "again") || !strings.Contains(got, "nil") {
				t.Errorf("ReadString: %s", got)
			}
			e.run("d")
			e.want("the kernel lives", e.shows("d"), "42")
		})
	}
}

// An app has no standard input, and says so.
func TestNoStandardInputInApps(t *testing.T) {
	for _, engine := range engines {
		t.Run(engine, func(t *testing.T) {
			for _, source := range []string{
				"import (\"fmt\"; st \"stnb.dev/widgets\")\nvar name string\n_, err := fmt.Scan(&name)\nst.Write(err.Error())",
				"import (\"io\"; \"os\"; st \"stnb.dev/widgets\")\n_, err := io.ReadAll(os.Stdin)\nst.Write(err.Error())",
			} {
				at := apptest.Write(t, "```go\n"+source+"\n```\n", apptest.Engine(engine))
				at.MustShow("an app does not have")
				at.MustWork()
			}
		})
	}
}
