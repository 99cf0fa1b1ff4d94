package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"path/filepath"

	"stnb.dev/cmd/stnb/config"
	"stnb.dev/cmd/stnb/ops"
	"stnb.dev/examples/guide"
	"stnb.dev/notebook"
	"stnb.dev/notebook/editor"
	"stnb.dev/notebook/file"
	"stnb.dev/notebook/session"
	"stnb.dev/notebook/workspace"
	"stnb.dev/ui/protocol"
	"stnb.dev/ui/server"
	"stnb.dev/widgets/markdown"
)

// space is a workspace as the server wants it.
type space struct{ *workspace.Workspace }

func openSpace(root string, v config.Values, log *slog.Logger, m *ops.Metrics, uploads string, ended func(handle string)) (space, error) {
	w, err := workspace.Open(workspace.Config{
		Root: root, Program: session.Build, Launch: launcher(v, log, m, false, uploads), Markdown: markdown.Cell, Log: log,
		Services: services, Ended: ended, Tour: guide.Notebooks,
	})
	return space{w}, err
}

// services answers editor services from what is known of the notebook.
func services(ctx context.Context, p session.Program, _ *notebook.Notebook, method string, params json.RawMessage) (any, error) {
	return editor.Serve(ctx, session.Snapshot(p), method, params)
}

func (s space) List(ctx context.Context) (protocol.Listing, error) {
	infos, err := s.Workspace.List(ctx)
	if err != nil {
		return protocol.Listing{}, forPeople(err)
	}
	l := protocol.Listing{Root: filepath.Base(s.Dir()), Notebooks: make([]protocol.NotebookInfo, len(infos))}
	for i, info := range infos {
		l.Notebooks[i] = infoOf(info)
	}
	for _, t := range workspace.Templates() {
		l.Templates = append(l.Templates, protocol.Template{Name: t.Name, Title: t.Title})
	}
	l.Tour = true
	return l, nil
}

func infoOf(i workspace.Info) protocol.NotebookInfo {
	return protocol.NotebookInfo{
		Path: i.Path, Title: i.Title, Modified: i.Modified.UnixMilli(), Size: i.Size, Kernel: i.Kernel, Engine: i.Engine,
	}
}

func (s space) Create(_ context.Context, path, template string) (protocol.NotebookInfo, error) {
	info, err := s.Workspace.Create(path, template)
	return infoOf(info), forPeople(err)
}

func (s space) Rename(_ context.Context, from, to string) (protocol.NotebookInfo, error) {
	info, err := s.Workspace.Rename(from, to)
	return infoOf(info), forPeople(err)
}

func (s space) Duplicate(_ context.Context, path string) (protocol.NotebookInfo, error) {
	info, err := s.Workspace.Duplicate(path)
	return infoOf(info), forPeople(err)
}

func (s space) Delete(_ context.Context, path string) error {
	return forPeople(s.Workspace.Delete(path))
}

func (s space) Open(_ context.Context, path string) (server.Visit, error) {
	nb, err := s.Workspace.Open(path)
	if err != nil {
		return server.Visit{}, forPeople(err)
	}
	return visitOf(nb), nil
}

func (s space) Find(handle string) (server.Visit, bool) {
	nb, ok := s.Workspace.Find(handle)
	if !ok {
		return server.Visit{}, false
	}
	return visitOf(nb), true
}

func visitOf(nb *workspace.Notebook) server.Visit {
	return server.Visit{Live: nb, ID: nb.Handle, Handle: nb.Handle}
}

// forPeople lets the text of errors about files reach the browser.
func forPeople(err error) error {
	var we *workspace.Error
	var fe *file.Error
	if errors.As(err, &we) || errors.As(err, &fe) {
		return server.Refuse(422, err.Error())
	}
	return err
}
