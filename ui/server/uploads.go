package server

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"syscall"
	"unicode"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"stnb.dev/widgets/element"
)

// uploads puts files that people hand to a widget on disk, as
// <folder>/<handle>/<id>, where the kernel opens them. Names are never used as
// paths.
type uploads struct {
	folder string
	limits Limits
	mu     sync.Mutex
	used   map[string]int64 // bytes, by handle
	total  int64            // of all
}

func newUploads(folder string, limits Limits) *uploads {
	return &uploads{folder: folder, limits: limits, used: map[string]int64{}}
}

// upload takes one file for a file uploader on the caller's screen.
func (s *core) upload(find finder) fiber.Handler {
	return func(c *fiber.Ctx) error {
		handle := strings.Clone(c.Params("session"))
		v, ok := find(callerOf(c), handle)
		if !ok {
			return Refuse(fiber.StatusForbidden, "This is not your session.")
		}
		widget, err1 := url.PathUnescape(c.Params("widget"))
		raw, err2 := url.PathUnescape(c.Params("name"))
		if err1 != nil || err2 != nil {
			return Refuse(fiber.StatusBadRequest, "The file's name is not encoded rightly.")
		}
		name := cleanName(raw)
		if name == "" {
			return Refuse(fiber.StatusBadRequest, "The file has no usable name.")
		}
		props, err := uploader(v, widget)
		if err != nil {
			return err
		}
		if !typeAllowed(name, props.Types) {
			return Refuse(fiber.StatusUnsupportedMediaType, "Files of this kind are not taken here.")
		}
		limit := s.limits.UploadBytes
		if props.MaxBytes > 0 {
			limit = min(limit, props.MaxBytes)
		}
		length := int64(c.Context().Request.Header.ContentLength())
		if length > limit {
			return tooLarge(c.Context())
		}
		id, size, err := s.uploads.save(handle, bodyReader(c.Context()), length, limit)
		if errors.Is(err, errTooLarge) {
			return tooLarge(c.Context())
		}
		if err != nil {
			c.Context().SetConnectionClose()
			return err
		}
		s.metrics.uploaded.Add(size)
		return c.Status(fiber.StatusCreated).JSON(element.Upload{ID: id, Name: name, Size: size, Type: mimeOf(c)})
	}
}

// uploader returns the props of the file uploader with that id, if it is on the
// screen and enabled.
func uploader(v Visit, id string) (element.FileUploader, error) {
	e, ok := v.Widget(id)
	var props element.FileUploader
	if !ok || e.Kind != "fileUploader" || json.Unmarshal(e.Props, &props) != nil {
		return props, Refuse(fiber.StatusNotFound, "No file is asked for here.")
	}
	if props.Disabled {
		return props, Refuse(fiber.StatusForbidden, "No file is taken here now.")
	}
	return props, nil
}

// mimeOf is what the browser says of the file: a hint for the script, cut to
// what a type may look like.
func mimeOf(c *fiber.Ctx) string {
	kind, _, _ := strings.Cut(strings.ToLower(c.Get("Content-Type")), ";")
	main, sub, ok := strings.Cut(strings.TrimSpace(kind), "/")
	if !ok || len(kind) > 100 || strings.ContainsFunc(main+sub, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || strings.ContainsRune("+-.", r))
	}) {
		return "application/octet-stream"
	}
	return main + "/" + sub
}

func typeAllowed(name string, types []string) bool {
	return len(types) == 0 || slices.ContainsFunc(types, func(ext string) bool {
		return strings.HasSuffix(strings.ToLower(name), "."+strings.TrimPrefix(strings.ToLower(ext), "."))
	})
}

// cleanName keeps the last part of a file name, without what is no text, what
// reverses text, and leading dots; at most 200 bytes.
func cleanName(name string) string {
	if !utf8.ValidString(name) {
		return ""
	}
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) || r == '/' {
			return -1
		}
		return r
	}, name)
	name = strings.TrimSpace(strings.TrimLeftFunc(name, func(r rune) bool { return r == '.' || unicode.IsSpace(r) }))
	for len(name) > 200 { // cut before the extension
		ext := path.Ext(name)
		stem := strings.TrimSuffix(name, ext)
		if len(ext) > 20 || stem == "" {
			return ""
		}
		_, size := utf8.DecodeLastRuneInString(stem)
		name = stem[:len(stem)-size] + ext
	}
	return name
}

// save streams a file of at most limit bytes to disk; length is its size when it
// is known beforehand, else -1. What was written of a file that breaks off is
// removed.
func (u *uploads) save(handle string, body io.Reader, length, limit int64) (id string, size int64, err error) {
	if u.folder == "" {
		return "", 0, Refuse(fiber.StatusForbidden, "Uploads are turned off here.")
	}
	if !isHandle(handle) {
		return "", 0, errNoVisit
	}
	room := limit
	if length > 0 {
		room = min(limit, length)
	}
	if !u.reserve(handle, room) {
		return "", 0, Refuse(fiber.StatusInsufficientStorage, "The files that were sent use up all the space there is for them.")
	}
	defer func() { u.release(handle, room-size) }()
	limit = room
	if err := os.MkdirAll(u.folder, 0o700); err != nil {
		return "", 0, err
	}
	root, err := os.OpenRoot(u.folder)
	if err != nil {
		return "", 0, err
	}
	defer root.Close()
	if err := root.Mkdir(handle, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return "", 0, err
	}
	raw := make([]byte, 16)
	rand.Read(raw)
	id = hex.EncodeToString(raw)
	part := handle + "/" + id + ".part"
	f, err := root.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", 0, err
	}
	size, err = io.Copy(f, io.LimitReader(body, limit+1))
	if closing := f.Close(); err == nil {
		err = closing
	}
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG):
		err = Refuse(fiber.StatusInsufficientStorage, "The server's disk is full.")
	case err != nil:
		err = Refuse(fiber.StatusBadRequest, "The upload broke off.")
	case size > limit:
		err = errTooLarge
	default:
		err = root.Rename(part, handle+"/"+id)
	}
	if err != nil {
		root.Remove(part)
		return "", 0, err
	}
	return id, size, nil
}

// reserve sets bytes of a session's quota aside before they arrive, so that
// uploads at the same time do not pass it together.
func (u *uploads) reserve(handle string, n int64) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.used[handle]+n > u.limits.SessionBytes || u.total+n > u.limits.TotalBytes {
		return false
	}
	u.used[handle] += n
	u.total += n
	return true
}

func (u *uploads) release(handle string, n int64) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if _, ok := u.used[handle]; ok { // else the session was over before the upload
		u.used[handle] -= n
		u.total -= n
	}
}

// forget removes the files of a session that is over.
func (u *uploads) forget(handle string) {
	u.mu.Lock()
	u.total -= u.used[handle]
	delete(u.used, handle)
	u.mu.Unlock()
	if u.folder == "" || !isHandle(handle) {
		return
	}
	if root, err := os.OpenRoot(u.folder); err == nil {
		defer root.Close()
		root.RemoveAll(handle)
	}
}

// isHandle says whether the text is safe as one part of a path.
func isHandle(s string) bool {
	return s != "" && len(s) <= 100 && !strings.ContainsFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_')
	})
}

// ForgetUploads removes the files of a session that is over, named by its handle.
func (s *Server) ForgetUploads(handle string) { s.uploads.forget(handle) }
