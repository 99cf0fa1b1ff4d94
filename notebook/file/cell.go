package file

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"maps"
	"strconv"
	"strings"

	"stnb.dev/notebook"
)

// contentID is a cell's ID when the file gives none: it hangs on the cell's
// content alone, so that reading the file again gives the same IDs, and cells
// added elsewhere change none. IDs in taken are not given again.
func contentID(kind notebook.Kind, source string, taken map[notebook.CellID]bool) notebook.CellID {
	sum := sha256.Sum256([]byte(string(kind) + "\x00" + source))
	base := notebook.CellID(strings.ToLower(base32.StdEncoding.EncodeToString(sum[:]))[:12])
	id := base
	for n := 2; taken[id]; n++ {
		id = base + notebook.CellID("-"+strconv.Itoa(n))
	}
	taken[id] = true
	return id
}

// sameCell says whether two cells would be written alike: all but ID and Origin.
func sameCell(a, b notebook.Cell) bool {
	return a.Source == b.Source && sameAttributes(a, b)
}

// sameAttributes compares all but the text.
func sameAttributes(a, b notebook.Cell) bool {
	return a.Kind == b.Kind && a.Name == b.Name && a.HideCode == b.HideCode &&
		a.Disabled == b.Disabled && a.Once == b.Once && a.Connection == b.Connection && sameMeta(a.Meta, b.Meta)
}

func sameMeta(a, b map[string]json.RawMessage) bool {
	return maps.EqualFunc(a, b, func(x, y json.RawMessage) bool { return bytes.Equal(compact(x), compact(y)) })
}

// compact is JSON without spaces; what is not JSON stays.
func compact(raw json.RawMessage) []byte {
	var buf bytes.Buffer
	if json.Compact(&buf, raw) != nil {
		return raw
	}
	return buf.Bytes()
}

// sameNotebook compares what a file would hold. IDs count only if withIDs.
func sameNotebook(a, b *notebook.Notebook, withIDs bool) bool {
	if a.Title != b.Title || a.Reactive != b.Reactive || a.OmitOutputs != b.OmitOutputs || a.Engine != b.Engine ||
		len(a.Cells) != len(b.Cells) || !sameMeta(a.Meta, b.Meta) {
		return false
	}
	for i := range a.Cells {
		if !sameCell(a.Cells[i], b.Cells[i]) || withIDs && a.Cells[i].ID != b.Cells[i].ID {
			return false
		}
	}
	return true
}

// splitHidden takes Jupyter's own mark of hidden code, jupyter.source_hidden, out
// of metadata, and says whether it was set. The map is changed.
func splitHidden(meta map[string]json.RawMessage) bool {
	members, err := objectMembers(meta["jupyter"])
	if err != nil {
		return false
	}
	hidden := false
	rest := members[:0]
	for _, m := range members {
		if m.key == "source_hidden" && (string(m.raw) == "true" || string(m.raw) == "false") {
			hidden = string(m.raw) == "true"
			continue
		}
		rest = append(rest, m)
	}
	if len(rest) == 0 && len(members) > 0 {
		delete(meta, "jupyter")
	} else {
		meta["jupyter"] = encodeObject(rest)
	}
	return hidden
}

// none makes an empty map nil, the form in which cells are compared and kept.
func none(meta map[string]json.RawMessage) map[string]json.RawMessage {
	if len(meta) == 0 {
		return nil
	}
	return meta
}
