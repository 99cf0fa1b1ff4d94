package server

import (
	"context"
	"io"
	"net/url"
	"path"
	"strings"

	"github.com/gofiber/fiber/v2"

	"stnb.dev/ui/protocol"
)

// Files is the folder of edit mode beside its notebooks.
type Files interface {
	// Folder lists one folder, "" the root.
	Folder(ctx context.Context, dir string) (protocol.Folder, error)
	MakeFolder(ctx context.Context, path string) error
	// Upload makes a file of at most limit bytes; Download opens one.
	Upload(ctx context.Context, path string, body io.Reader, limit int64) error
	Download(ctx context.Context, path string) (io.ReadCloser, int64, error)
	// Search looks for a text in names and lines.
	Search(ctx context.Context, text string) (protocol.Hits, error)
	// Trash lists what was deleted; Restore takes one out of it and returns its
	// path, EmptyTrash deletes one for good, or with "" all.
	Trash(ctx context.Context) (protocol.Trash, error)
	Restore(ctx context.Context, id string) (protocol.Restored, error)
	EmptyTrash(ctx context.Context, id string) error
	// Tour makes the notebooks that teach, and returns the first.
	Tour(ctx context.Context) (protocol.NewNotebook, error)
}

func (e *edit) fileRoutes() []route {
	return []route{
		{"GET", "/api/folder", owner, checkRead, e.folder, ""},
		{"POST", "/api/folder", owner, checkWrite, e.makeFolder, ""},
		{"GET", "/api/files/*", owner, checkPage, e.download, ""},
		{"PUT", "/api/files/*", owner, checkWrite, e.receive, ""},
		{"GET", "/api/search", owner, checkRead, e.search, ""},
		{"GET", "/api/trash", owner, checkRead, e.trash, ""},
		{"POST", "/api/trash/restore", owner, checkWrite, e.restore, ""},
		{"DELETE", "/api/trash", owner, checkWrite, e.emptyTrash, ""},
		{"POST", "/api/tour", owner, checkWrite, e.tour, ""},
	}
}

func (e *edit) folder(c *fiber.Ctx) error {
	f, err := e.space.Folder(c.Context(), strings.Clone(c.Query("path")))
	if err != nil {
		return err
	}
	return c.JSON(f)
}

func (e *edit) makeFolder(c *fiber.Ctx) error {
	var in protocol.NewNotebook
	if err := readJSON(c.Context(), 16<<10, &in); err != nil {
		return err
	}
	if err := e.space.MakeFolder(c.Context(), in.Path); err != nil {
		return err
	}
	e.tellOf(c, "make folder", in.Path, "")
	return c.SendStatus(fiber.StatusCreated)
}

// filePath is the path of a file that a URL names.
func filePath(c *fiber.Ctx) (string, error) {
	name, err := url.PathUnescape(c.Params("*"))
	if err != nil || name == "" {
		return "", Refuse(fiber.StatusBadRequest, "The file's name is not encoded rightly.")
	}
	return strings.Clone(name), nil
}

// download sends a file as one: whatever is in it, no browser runs it here.
func (e *edit) download(c *fiber.Ctx) error {
	name, err := filePath(c)
	if err != nil {
		return err
	}
	f, size, err := e.space.Download(c.Context(), name)
	if err != nil {
		return err
	}
	c.Set("Content-Type", "application/octet-stream")
	c.Set("Content-Security-Policy", filePolicy)
	c.Set("Content-Disposition", disposition(path.Base(name)))
	c.Set("Cache-Control", "no-store")
	c.Context().SetBodyStream(f, int(size)) // which closes it
	return nil
}

// receive takes a file that is uploaded into the folder.
func (e *edit) receive(c *fiber.Ctx) error {
	name, err := filePath(c)
	if err != nil {
		return err
	}
	limit := e.limits.UploadBytes
	if int64(c.Context().Request.Header.ContentLength()) > limit {
		return tooLarge(c.Context())
	}
	if err := e.space.Upload(c.Context(), name, bodyReader(c.Context()), limit); err != nil {
		c.Context().SetConnectionClose()
		return err
	}
	e.tellOf(c, "upload", name, "")
	return c.SendStatus(fiber.StatusCreated)
}

func (e *edit) search(c *fiber.Ctx) error {
	text := strings.Clone(c.Query("q"))
	if len(text) > 500 {
		return Refuse(fiber.StatusBadRequest, "That is too long to search for.")
	}
	hits, err := e.space.Search(c.Context(), text)
	if err != nil {
		return err
	}
	return c.JSON(hits)
}

func (e *edit) trash(c *fiber.Ctx) error {
	t, err := e.space.Trash(c.Context())
	if err != nil {
		return err
	}
	return c.JSON(t)
}

func (e *edit) restore(c *fiber.Ctx) error {
	var in protocol.Restore
	if err := readJSON(c.Context(), 16<<10, &in); err != nil {
		return err
	}
	back, err := e.space.Restore(c.Context(), in.ID)
	if err != nil {
		return err
	}
	e.tellOf(c, "restore", back.Path, "")
	return c.JSON(back)
}

func (e *edit) emptyTrash(c *fiber.Ctx) error {
	id := strings.Clone(c.Query("id"))
	if err := e.space.EmptyTrash(c.Context(), id); err != nil {
		return err
	}
	e.tellOf(c, "empty trash", "", id)
	return c.SendStatus(fiber.StatusNoContent)
}

func (e *edit) tour(c *fiber.Ctx) error {
	first, err := e.space.Tour(c.Context())
	if err != nil {
		return err
	}
	return c.Status(fiber.StatusCreated).JSON(first)
}
