package file

import (
	"maps"
	"testing"
)

// Pictures attached to a cell are there by name; what is no picture is not.
func TestAttachments(t *testing.T) {
	nb, err := Read("a.ipynb", []byte(`{"cells": [{"cell_type": "markdown", "id": "a", "metadata": {}, "source": "![](attachment:p.png)", "attachments": {
		"p.png": {"image/png": "AAAA\n"}, "q.png": {"image/png": ["AA", "==\n"]},
		"x.html": {"text/html": "AAAA"}, "y.png": {"image/png": "\" onerror=\"alert(1)"}, "z.png": {"image/png\" x=\"": "AAAA"}
	}}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}`))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"p.png": "data:image/png;base64,AAAA", "q.png": "data:image/png;base64,AA=="}
	if got := Attachments(nb.Cells[0]); !maps.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
