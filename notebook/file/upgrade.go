package file

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// upgrade3 makes nbformat 4's top members of those of nbformat 3, in which cells
// stand in worksheets, code has other keys, and headings are cells of their own.
func upgrade3(top []member) ([]member, error) {
	raw, ok := find(top, "worksheets")
	if !ok {
		return nil, &Error{Text: "is not a notebook: it has no worksheets"}
	}
	sheets, err := arrayItems(raw)
	if err != nil {
		return nil, fmt.Errorf("worksheets %w", err)
	}
	var cells []json.RawMessage
	for _, sheet := range sheets {
		members, err := objectMembers(sheet)
		if err != nil {
			return nil, fmt.Errorf("worksheet %w", err)
		}
		raw, ok := find(members, "cells")
		if !ok {
			continue
		}
		items, err := arrayItems(raw)
		if err != nil {
			return nil, fmt.Errorf("cells %w", err)
		}
		for i, item := range items {
			cell, err := upgradeCell(item)
			if err != nil {
				return nil, fmt.Errorf("cell %d: %w", i+1, err)
			}
			cells = append(cells, cell)
		}
	}
	metadata := json.RawMessage("{}")
	if raw, ok := find(top, "metadata"); ok {
		members, err := objectMembers(raw)
		if err != nil {
			return nil, fmt.Errorf("metadata %w", err)
		}
		if name, ok := find(members, "name"); ok && isString(name) {
			members = drop(members, "name")
			if word(name) != "" {
				members = put(members, "title", name)
			}
		}
		metadata = encodeObject(members)
	}
	if cells == nil {
		cells = []json.RawMessage{}
	}
	return []member{
		{"cells", encode(cells)},
		{"metadata", metadata},
		{"nbformat", json.RawMessage("4")},
		{"nbformat_minor", json.RawMessage("5")},
	}, nil
}

func upgradeCell(raw json.RawMessage) (json.RawMessage, error) {
	members, err := objectMembers(raw)
	if err != nil {
		return nil, err
	}
	metadata, ok := find(members, "metadata")
	if !ok {
		metadata = json.RawMessage("{}")
	}
	cellType, _ := find(members, "cell_type")
	source, ok := find(members, "source")
	if word(cellType) == "code" {
		source, ok = find(members, "input")
	}
	if !ok {
		return nil, errors.New("has no source")
	}
	text := func(kind string, source json.RawMessage) (json.RawMessage, error) {
		return encodeObject([]member{{"cell_type", encode(kind)}, {"metadata", metadata}, {"source", source}}), nil
	}
	switch word(cellType) {
	case "code":
		count, ok := find(members, "prompt_number")
		if !ok {
			count = json.RawMessage("null")
		}
		outputs, err := upgradeOutputs(members)
		if err != nil {
			return nil, err
		}
		return encodeObject([]member{{"cell_type", encode("code")}, {"execution_count", count},
			{"metadata", metadata}, {"outputs", outputs}, {"source", source}}), nil
	case "heading":
		level := 1
		if raw, ok := find(members, "level"); ok {
			_ = json.Unmarshal(raw, &level) // an odd level is a heading all the same
		}
		title, err := multiline(source)
		if err != nil {
			return nil, err
		}
		title = strings.Join(strings.Fields(title), " ")
		return text("markdown", encode(strings.Repeat("#", min(max(level, 1), 6))+" "+title))
	case "html":
		return text("markdown", source)
	case "markdown", "raw":
		return text(word(cellType), source)
	}
	return nil, fmt.Errorf("has the unknown type %.40s", cellType)
}

// mimeOf are nbformat 3's short names of MIME types.
var mimeOf = map[string]string{
	"text": "text/plain", "html": "text/html", "svg": "image/svg+xml", "png": "image/png",
	"jpeg": "image/jpeg", "latex": "text/latex", "json": "application/json",
	"javascript": "application/javascript", "pdf": "application/pdf",
}

func upgradeOutputs(members []member) (json.RawMessage, error) {
	raw, ok := find(members, "outputs")
	if !ok {
		return json.RawMessage("[]"), nil
	}
	items, err := arrayItems(raw)
	if err != nil {
		return nil, fmt.Errorf("outputs %w", err)
	}
	out := make([]json.RawMessage, 0, len(items))
	for _, item := range items {
		old, err := objectMembers(item)
		if err != nil {
			return nil, fmt.Errorf("output %w", err)
		}
		out = append(out, upgradeOutput(old))
	}
	return encode(out), nil
}

func upgradeOutput(old []member) json.RawMessage {
	kind, _ := find(old, "output_type")
	switch word(kind) {
	case "stream":
		name, ok := find(old, "stream")
		if !ok {
			name = encode("stdout")
		}
		text, ok := find(old, "text")
		if !ok {
			text = encode("")
		}
		return encodeObject([]member{{"output_type", encode("stream")}, {"name", name}, {"text", text}})
	case "pyerr":
		return encodeObject(put(drop(old, "metadata"), "output_type", encode("error")))
	case "pyout", "display_data":
		var data []member
		metadata, count := json.RawMessage("{}"), json.RawMessage("null")
		for _, m := range old {
			switch m.key {
			case "output_type":
			case "metadata":
				metadata = m.raw
			case "prompt_number":
				count = m.raw
			default:
				key := m.key
				if mime, known := mimeOf[key]; known {
					key = mime
				}
				data = append(data, member{key, m.raw})
			}
		}
		out := []member{{"output_type", encode("display_data")}, {"data", encodeObject(data)}, {"metadata", metadata}}
		if word(kind) == "pyout" {
			out[0].raw = encode("execute_result")
			out = append(out, member{"execution_count", count})
		}
		return encodeObject(out)
	}
	return encodeObject(old)
}
