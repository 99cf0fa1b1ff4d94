package main

import (
	"context"
	"errors"
	"io"

	"stnb.dev/notebook/workspace"
	"stnb.dev/ui/protocol"
	"stnb.dev/ui/server"
)

// Folder lists one folder for the file browser.
func (s space) Folder(_ context.Context, dir string) (protocol.Folder, error) {
	entries, err := s.Workspace.Entries(dir)
	if err != nil {
		return protocol.Folder{}, forPeople(err)
	}
	f := protocol.Folder{Path: dir, Entries: make([]protocol.Entry, len(entries))}
	for i, e := range entries {
		f.Entries[i] = protocol.Entry{
			Name: e.Name, Path: e.Path, Folder: e.Folder, Notebook: e.Notebook, Title: e.Title,
			Size: e.Size, Modified: e.Modified.UnixMilli(), Kernel: e.Kernel,
		}
	}
	return f, nil
}

func (s space) MakeFolder(_ context.Context, path string) error {
	return forPeople(s.Workspace.MakeFolder(path))
}

func (s space) Upload(_ context.Context, path string, body io.Reader, limit int64) error {
	err := s.Workspace.Upload(path, body, limit)
	if errors.Is(err, workspace.ErrTooLarge) {
		return server.Refuse(413, err.Error())
	}
	return forPeople(err)
}

func (s space) Download(_ context.Context, path string) (io.ReadCloser, int64, error) {
	f, size, err := s.Workspace.Download(path)
	return f, size, forPeople(err)
}

func (s space) Search(ctx context.Context, text string) (protocol.Hits, error) {
	hits, more, err := s.Workspace.Search(ctx, text)
	out := protocol.Hits{Hits: make([]protocol.Hit, len(hits)), More: more}
	for i, h := range hits {
		out.Hits[i] = protocol.Hit{Path: h.Path, Line: h.Line, Text: h.Text}
	}
	return out, forPeople(err)
}

func (s space) Trash(context.Context) (protocol.Trash, error) {
	all, err := s.Workspace.Trash()
	out := protocol.Trash{Deleted: make([]protocol.Deleted, len(all))}
	for i, d := range all {
		out.Deleted[i] = protocol.Deleted{ID: d.ID, Path: d.Path, At: d.At.UnixMilli(), Folder: d.Folder, Size: d.Size}
	}
	return out, forPeople(err)
}

func (s space) Restore(_ context.Context, id string) (protocol.Restored, error) {
	path, err := s.Workspace.Restore(id)
	return protocol.Restored{Path: path}, forPeople(err)
}

func (s space) EmptyTrash(_ context.Context, id string) error {
	return forPeople(s.Workspace.EmptyTrash(id))
}

func (s space) Tour(context.Context) (protocol.NewNotebook, error) {
	first, err := s.Workspace.TakeTour()
	return protocol.NewNotebook{Path: first}, forPeople(err)
}
