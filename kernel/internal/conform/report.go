package main

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// report prints what did not pass, and counts.
func report(w io.Writer, results []result) (counts [hang + 1]int) {
	bySuite := map[string][2]int{}
	for _, r := range results {
		counts[r.outcome]++
		c := bySuite[r.suite]
		c[1]++
		if r.outcome == pass {
			c[0]++
		} else {
			fmt.Fprintf(w, "%-8s %s/%s (%.1f s)\n", outcomeNames[r.outcome], r.suite, r.name, r.took.Seconds())
			for _, line := range difference(r) {
				fmt.Fprintf(w, "         %s\n", line)
			}
		}
		bySuite[r.suite] = c
	}
	for _, s := range slices.Sorted(maps.Keys(bySuite)) {
		fmt.Fprintf(w, "%s: %d/%d\n", s, bySuite[s][0], bySuite[s][1])
	}
	return counts
}

// difference is the first line that a program printed otherwise than it should.
func difference(r result) []string {
	clip := func(s string) string {
		if len(s) > 160 {
			return s[:160] + "..."
		}
		return s
	}
	got, want := strings.Split(r.got, "\n"), strings.Split(r.want, "\n")
	for i, g := range got {
		if i >= len(want) || g != want[i] {
			out := []string{"got  " + clip(g)}
			if i < len(want) && want[i] != "" {
				out = append(out, "want "+clip(want[i]))
			}
			return out
		}
	}
	if len(want) > len(got) {
		return []string{"want " + clip(want[len(got)])}
	}
	return nil
}

// document is docs/conformance.md.
func document(engine string, results []result, excluded map[string][]string) []byte {
	var b bytes.Buffer
	counts := report(io.Discard, results)
	fmt.Fprintf(&b, "# Conformance of the %s engine\n\nWritten by `make conformance ENGINE=%s`.\n\n", engine, engine)
	fmt.Fprintf(&b, "%d of %d programs pass; %d are refused before they run, %d are wrong, %d crash, %d hang.\n\n", counts[pass], len(results),
		counts[refused], counts[wrong], counts[crash], counts[hang])
	passed, total := map[string]int{}, map[string]int{}
	for _, r := range results {
		total[r.suite]++
		if r.outcome == pass {
			passed[r.suite]++
		}
	}
	b.WriteString("| suite | pass | of | |\n|---|---|---|---|\n")
	for _, s := range slices.Sorted(maps.Keys(total)) {
		fmt.Fprintf(&b, "| %s | %d | %d | %.1f%% |\n", s, passed[s], total[s], 100*float64(passed[s])/float64(total[s]))
	}
	b.WriteString("\n| program | outcome | cause |\n|---|---|---|\n")
	for _, r := range results {
		if r.outcome == pass {
			continue
		}
		cause := causes[engine+": "+r.suite+"/"+r.name]
		if r.outcome == refused {
			first, _, _ := strings.Cut(strings.TrimPrefix(r.got, refusal), "\n")
			cause = strings.ReplaceAll(first, "|", "\\|")
		}
		if cause == "" {
			cause = "`" + strings.ReplaceAll(strings.Join(difference(r), "; "), "|", "\\|") + "`"
		}
		fmt.Fprintf(&b, "| %s/%s | %s | %s |\n", r.suite, r.name, outcomeNames[r.outcome], cause)
	}
	b.WriteString("\n## Left out\n\nPrograms that are about Go's tools and its runtime, or about yaegi, and not about the language:\n\n")
	for _, why := range slices.Sorted(maps.Keys(excluded)) {
		fmt.Fprintf(&b, "- a program that %s (%d): %s\n", why, len(excluded[why]), strings.Join(excluded[why], ", "))
	}
	fmt.Fprintf(&b, "\n%s\n", summary(engine, results, counts))
	return b.Bytes()
}

// summary is the last line of a report.
func summary(engine string, results []result, counts [hang + 1]int) string {
	return fmt.Sprintf("conformance %s: %d/%d (%.1f%%), wrong %d, crash %d, hang %d", engine, counts[pass], len(results),
		100*float64(counts[pass])/float64(max(len(results), 1)), counts[wrong], counts[crash], counts[hang])
}

// causes of what does not pass, where the difference alone does not say it.
var causes = map[string]string{
	"ssa: go/divmod": "compares billions of divisions: takes longer than the limit",
}
