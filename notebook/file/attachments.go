package file

import (
	"encoding/json"
	"regexp"
	"strings"

	"stnb.dev/notebook"
)

var (
	imageType = regexp.MustCompile(`^image/[a-z0-9.+-]{1,40}$`)
	base64    = regexp.MustCompile(`^[A-Za-z0-9+/]+={0,2}$`)
)

// Attachments are the pictures inside a cell of an .ipynb file, by name, as data
// URLs. Its text shows one with ![](attachment:name).
func Attachments(c notebook.Cell) map[string]string {
	o, _ := c.Origin.(*ipCell)
	if o == nil {
		return nil
	}
	raw, ok := find(o.members, "attachments")
	if !ok {
		return nil
	}
	var bundles map[string]map[string]json.RawMessage
	if json.Unmarshal(raw, &bundles) != nil {
		return nil
	}
	out := map[string]string{}
	for name, bundle := range bundles {
		for kind, value := range bundle {
			var text string
			if json.Unmarshal(value, &text) != nil { // nbformat lets texts be lists of lines
				var lines []string
				_ = json.Unmarshal(value, &lines)
				text = strings.Join(lines, "")
			}
			text = strings.Join(strings.Fields(text), "")
			if imageType.MatchString(kind) && base64.MatchString(text) {
				out[name] = "data:" + kind + ";base64," + text
			}
		}
	}
	return out
}
