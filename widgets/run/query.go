package run

import (
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"
)

// bindQuery keeps the value of a widget and a parameter of the page's address the
// same. What the address says is taken when it is not what was last written
// there: the page was opened with it, or the person went back. A value that is the
// widget's default is not written, so that addresses stay short.
func (s *Session) bindQuery(w *widget, p *Place) {
	name := w.spec.Query
	if name == "" {
		return
	}
	if w.spec.ReadOnly || w.spec.Trigger {
		s.misuse(p, w.spec.name(), fmt.Sprintf("has st.QueryParam(%q), but its value does not fit into an address", name))
		return
	}
	if now := encodeParam(s.query[name]); now != w.query {
		w.query = now
		if len(s.query[name]) == 0 {
			w.value = w.spec.Default
		} else if v, ok := w.spec.parseParam(s.query[name]); ok {
			w.value = v
		}
		s.set[w.id] = encode(w)
	}
	texts := w.param()
	if encodeParam(texts) == w.query {
		return
	}
	w.query = encodeParam(texts)
	if texts == nil {
		s.query.Del(name)
	} else {
		s.query[name] = texts
	}
	s.queryChanged = true
}

func encodeParam(texts []string) string { return url.Values{"": texts}.Encode() }

// param is the widget's value as texts for the address, nil of the default.
func (w *widget) param() []string {
	if reflect.DeepEqual(w.value, w.spec.Default) {
		return nil
	}
	raw := encode(w)
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		list = []json.RawMessage{raw}
	}
	texts := []string{}
	for _, x := range list {
		var text string
		var index int
		switch {
		case json.Unmarshal(x, &text) == nil:
			texts = append(texts, text)
		case w.spec.Labels != nil && json.Unmarshal(x, &index) == nil && index >= 0 && index < len(w.spec.Labels):
			texts = append(texts, w.spec.Labels[index])
		case w.spec.Labels != nil || string(x) == "null": // nothing is chosen
		default:
			texts = append(texts, string(x))
		}
	}
	return texts
}

// parseParam reads what an address says as the widget's browser would have sent
// it; false when the widget does not take it.
func (w *Widget) parseParam(texts []string) (any, bool) {
	plain := make([]string, len(texts)) // as JSON: 5, true
	quoted := make([]string, len(texts))
	for i, t := range texts {
		q, _ := json.Marshal(t)
		plain[i], quoted[i] = t, string(q)
		if j := slices.Index(w.Labels, t); j >= 0 {
			plain[i] = fmt.Sprint(j)
		} else if w.Labels != nil || !json.Valid([]byte(t)) {
			plain[i] = quoted[i]
		}
	}
	for _, form := range []string{
		plain[len(plain)-1], quoted[len(quoted)-1],
		"[" + strings.Join(plain, ",") + "]", "[" + strings.Join(quoted, ",") + "]",
	} {
		if v, err := w.Decode(json.RawMessage(form)); err == nil {
			return v, true
		}
	}
	return nil, false
}
