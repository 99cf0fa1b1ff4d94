package core

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"mime"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"stnb.dev/dataframe"
	"stnb.dev/dataframe/page"
	"stnb.dev/widgets/element"
	"stnb.dev/widgets/run"
)

// blob is bytes that a URL of this session serves.
type blob struct {
	data func() ([]byte, error)
	mime string
	name string // when it is a download
	age  int    // full runs since it was shown
}

// maxMedia bounds what one blob may hold, bytes.
const maxMedia = 512 << 20

// keep stores bytes and returns their URL. The same bytes have the same URL.
func (s *Session) keep(kind string, data []byte, mimeType, name string) string {
	h := sha256.New()
	h.Write([]byte(mimeType + "\x00" + name + "\x00"))
	h.Write(data)
	return s.store(kind, hex.EncodeToString(h.Sum(nil)[:16]), &blob{
		data: func() ([]byte, error) { return data, nil }, mime: mimeType, name: name,
	})
}

func (s *Session) store(kind, id string, b *blob) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.media[id] = b
	for _, r := range s.replay {
		kept := *b
		r.media[id] = keptBlob{kind, &kept}
	}
	dir := "media"
	if kind == "html" {
		dir = "html"
	}
	return dir + "/" + url.PathEscape(s.Cfg.ID) + "/" + id
}

// keepAny stores what user code hands over as data.
func (s *Session) keepAny(kind string, data any, mimeType, name string) (string, error) {
	if mimeType == "" {
		mimeType = mime.TypeByExtension(filepath.Ext(name))
	}
	if mimeType == "" {
		mimeType = "application/octet-stream"
	}
	switch x := data.(type) {
	case []byte:
		return s.keep(kind, x, mimeType, name), nil
	case string:
		return s.keep(kind, []byte(x), mimeType, name), nil
	case func() []byte:
		return s.store(kind, s.fresh(name), &blob{data: func() ([]byte, error) { return x(), nil }, mime: mimeType, name: name}), nil
	case func() ([]byte, error):
		return s.store(kind, s.fresh(name), &blob{data: x, mime: mimeType, name: name}), nil
	case io.Reader:
		b, err := io.ReadAll(io.LimitReader(x, maxMedia+1))
		if err != nil {
			return "", err
		}
		if len(b) > maxMedia {
			return "", fmt.Errorf("has more than %d MB", maxMedia>>20)
		}
		return s.keep(kind, b, mimeType, name), nil
	case *dataframe.Frame:
		return "", fmt.Errorf("got a frame: give its bytes; people can download what st.Dataframe shows from its toolbar")
	}
	return "", fmt.Errorf("got a %T; it takes []byte, string, io.Reader or func() []byte", data)
}

// fresh is an ID for data that is made when asked for: it is the same for the same
// place, so that nothing changes on the screen from run to run.
func (s *Session) fresh(name string) string {
	h := sha256.Sum256([]byte(s.placeKey(nil) + "\x00" + name))
	return hex.EncodeToString(h[:16])
}

func (s *Session) readMedia(ctx context.Context, id string) (page.Reply, []byte, error) {
	s.mu.Lock()
	b := s.media[id]
	s.mu.Unlock()
	if b == nil {
		return page.Reply{}, nil, fmt.Errorf("%q is not shown any more", id)
	}
	data, err := b.data()
	if err != nil {
		return page.Reply{}, nil, err
	}
	return page.Reply{Type: b.mime, Name: b.name, Total: int64(len(data))}, data, ctx.Err()
}

// source turns what user code hands over for media into a URL: a link, a file's
// name, bytes, a reader or an image.
func (s *Session) source(data any, fallback string) (string, string, error) {
	if img := imageOf(data); img != nil {
		var b bytes.Buffer
		if err := png.Encode(&b, img); err != nil {
			return "", "", err
		}
		if b.Len() < 6<<10 {
			return "data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes()), "image/png", nil
		}
		data = b.Bytes()
	}
	if text, ok := data.(string); ok {
		if svgStart.MatchString(text) {
			u, err := s.keepAny("media", text, "image/svg+xml", "")
			return u, "image/svg+xml", err
		}
		if strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://") {
			if !safeURL(text) {
				return "", "", fmt.Errorf("has a link that is none: %q", text)
			}
			b, kind, err := s.App.links.get(s.context(), text, s.Cfg.App)
			if err != nil {
				return "", "", fmt.Errorf("cannot fetch %s: %w", text, err)
			}
			u, err := s.keepAny("media", b, kind, "")
			return u, kind, err
		}
		name := text
		if !filepath.IsAbs(name) && s.Cfg.Dir != "" {
			name = filepath.Join(s.Cfg.Dir, name)
		}
		b, err := readFile(name)
		if err != nil {
			return "", "", fmt.Errorf("cannot read %s: %w", clip(text, 200), plainPathError(err))
		}
		data = b
		fallback = cmp.Or(mime.TypeByExtension(filepath.Ext(text)), fallback)
	}
	if b, ok := data.([]byte); ok && fallback == "" {
		fallback = detect(b)
	}
	u, err := s.keepAny("media", data, fallback, "")
	return u, fallback, err
}

// detect is the type of bytes, by how they begin.
func detect(b []byte) string {
	if svgStart.Match(b) { // which the standard's table takes for text
		return "image/svg+xml"
	}
	return http.DetectContentType(b)
}

var svgStart = regexp.MustCompile(`^(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?(<!--[^>]*-->\s*)?(<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]`)

func readFile(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("it is no file")
	}
	if info.Size() > maxMedia {
		return nil, fmt.Errorf("it has more than %d MB", maxMedia>>20)
	}
	return os.ReadFile(name)
}

func plainPathError(err error) error {
	if pe, ok := err.(*os.PathError); ok {
		return pe.Err
	}
	return err
}

// imageOf is the image in a value, nil when it is none.
func imageOf(v any) image.Image {
	img, _ := v.(image.Image)
	return img
}

// Image shows an image: an image.Image, a file's name, a link, bytes or a reader.
func (c *Container) Image(data any, opts ...Option) *Element {
	s, p, o := c.start(opts)
	props := element.Image{Alt: o.alt, Caption: o.caption}
	if o.width != "" {
		_, _ = fmt.Sscan(o.width, &props.Width)
	}
	var err error
	props.URL, _, err = s.source(data, "")
	if err != nil {
		s.misuse(p, "st.Image", "%v", err)
		return &Element{s: s, p: p}
	}
	return s.put(p, o, "st.Image", "image", props)
}

// Audio plays sound: a file's name, a link, bytes or a reader.
func (c *Container) Audio(data any, opts ...Option) *Element {
	s, p, o := c.start(opts)
	u, typ, err := s.source(data, o.mime)
	if err != nil {
		s.misuse(p, "st.Audio", "%v", err)
		return &Element{s: s, p: p}
	}
	return s.put(p, o, "st.Audio", "audio", element.Audio{URL: u, Type: typ, Autoplay: o.autoplay, Loop: o.loop, Start: o.start.Seconds()})
}

// Video plays a video: a file's name, a link, bytes or a reader.
func (c *Container) Video(data any, opts ...Option) *Element {
	s, p, o := c.start(opts)
	u, typ, err := s.source(data, o.mime)
	if err != nil {
		s.misuse(p, "st.Video", "%v", err)
		return &Element{s: s, p: p}
	}
	return s.put(p, o, "st.Video", "video", element.Video{URL: u, Type: typ, Autoplay: o.autoplay, Loop: o.loop, Muted: o.muted, Start: o.start.Seconds()})
}

// shownPDF is the type of a document that the author shows. Any other PDF, such as
// one that came among a visitor's files, is a download.
const shownPDF = "application/pdf; view"

// PDF shows a document: a file's name, a link, bytes or a reader. With Height it
// is that high, else as high as a screen.
func (c *Container) PDF(data any, opts ...Option) *Element {
	s, p, o := c.start(opts)
	u, _, err := s.source(data, "application/pdf")
	if err != nil {
		s.misuse(p, "st.PDF", "%v", err)
		return &Element{s: s, p: p}
	}
	s.mu.Lock()
	if b := s.media[u[strings.LastIndexByte(u, '/')+1:]]; b != nil {
		b.mime = shownPDF
	}
	s.mu.Unlock()
	return s.put(p, o, "st.PDF", "pdf", element.Pdf{URL: u, Height: o.height})
}

// Iframe shows a page of somebody else, by its address, in a frame that cannot
// reach the app. Height is in pixels; Alt says what it shows. Many sites refuse to
// be shown in other sites' pages.
func (c *Container) Iframe(link string, opts ...Option) *Element {
	s, p, o := c.start(opts)
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
		s.misuse(p, "st.Iframe", "leads to %q; it takes the address of a page, with http or https", link)
		return &Element{s: s, p: p}
	}
	src := s.keep("html", []byte(u.String()), foreignPage, "")
	return s.put(p, o, "st.Iframe", "iframe", element.Iframe{Src: src, Link: u.String(), Title: cmp.Or(o.alt, u.Host), Height: o.height})
}

// foreignPage is the type of an address that the server puts into a frame.
const foreignPage = "text/uri-list"

// Logo stands at the top of the page and of the sidebar: an image.Image, a file's
// name, a link, bytes or a reader.
func (c *Container) Logo(data any, opts ...Option) {
	s, p, o := c.start(opts)
	if o.link != "" && !safeURL(o.link) {
		s.misuse(p, "st.Logo", "leads to %q; a link is http, https or a path", o.link)
		return
	}
	u, _, err := s.source(data, "")
	if err != nil {
		s.misuse(p, "st.Logo", "%v", err)
		return
	}
	s.Reput(element.Event+"/logo", run.El("logo", element.Logo{URL: u, Link: o.link, Size: o.size}))
}

// UploadedFile is a file that a visitor sent.
type UploadedFile struct {
	Name string
	Size int64 // bytes
	Type string
	path string
}

// Open opens the file for reading.
func (f *UploadedFile) Open() (*os.File, error) { return os.Open(f.path) }

// Bytes reads the whole file.
func (f *UploadedFile) Bytes() ([]byte, error) { return os.ReadFile(f.path) }

// Path is where the file lies until it is replaced or its session ends.
func (f *UploadedFile) Path() string { return f.path }

// FileUploader lets people send a file. It is nil until they have.
func (c *Container) FileUploader(label string, opts ...Option) *UploadedFile {
	return first(c.uploads("st.FileUploader", "", label, false, opts))
}

// AudioInput lets people record sound with their microphone, as a WAV file. It is
// nil until they have.
func (c *Container) AudioInput(label string, opts ...Option) *UploadedFile {
	return first(c.uploads("st.AudioInput", "audio", label, false, append([]Option{Types("wav")}, opts...)))
}

// CameraInput lets people take a picture with their camera, as a JPEG file. It is
// nil until they have.
func (c *Container) CameraInput(label string, opts ...Option) *UploadedFile {
	return first(c.uploads("st.CameraInput", "camera", label, false, append([]Option{Types("jpg")}, opts...)))
}

func first(files []*UploadedFile) *UploadedFile {
	if len(files) == 0 {
		return nil
	}
	return files[0]
}

// FilesUploader lets people send any number of files.
func (c *Container) FilesUploader(label string, opts ...Option) []*UploadedFile {
	return c.uploads("st.FileUploader", "", label, true, opts)
}

var uploadID = regexp.MustCompile(`^[a-zA-Z0-9_-]{8,64}$`)

// defaultUpload bounds an upload, bytes.
const defaultUpload = 50 << 20

func (c *Container) uploads(call, capture, label string, multiple bool, opts []Option) []*UploadedFile {
	s, p, o := c.start(opts)
	types := make([]string, len(o.types))
	for i, t := range o.types {
		types[i] = "." + strings.ToLower(strings.TrimPrefix(t, "."))
	}
	limit := o.maxBytes
	if limit <= 0 {
		limit = defaultUpload
	}
	v, ok := s.Widget(p, run.Widget{
		Call: call, Kind: "fileUploader", Label: label, Key: o.key, Params: []any{types, multiple, limit, capture},
		Default: []element.Upload{},
		Decode: func(raw json.RawMessage) (any, error) {
			list := []element.Upload{}
			if json.Unmarshal(raw, &list) != nil {
				return nil, fmt.Errorf("is no list of files")
			}
			if !multiple && len(list) > 1 {
				return nil, fmt.Errorf("takes one file")
			}
			for i, f := range list {
				if !uploadID.MatchString(f.ID) {
					return nil, fmt.Errorf("names a file that was not sent")
				}
				if len(types) > 0 && !hasSuffix(f.Name, types) {
					return nil, fmt.Errorf("does not take %q", f.Name)
				}
				info, err := os.Lstat(s.uploadPath(f.ID))
				if err != nil || !info.Mode().IsRegular() {
					return nil, fmt.Errorf("names a file that was not sent")
				}
				if info.Size() > limit {
					return nil, fmt.Errorf("does not take more than %d bytes", limit)
				}
				list[i].Size = info.Size()
				list[i].Name = filepath.Base(strings.ReplaceAll(f.Name, `\`, "/"))
			}
			return list, nil
		},
		State:    func(v any) any { return s.files(v.([]element.Upload)) },
		OnChange: o.onChange, Disabled: o.disabled, Persist: o.persist, Query: o.query, ReadOnly: true,
	})
	if !ok {
		return nil
	}
	props := element.FileUploader{
		Widget: o.widgetProps(label), Types: types, Multiple: multiple, MaxBytes: limit, Value: v.Shown.([]element.Upload), Rev: v.Rev,
		URL: "uploads/" + url.PathEscape(s.Cfg.ID) + "/" + v.ID, Capture: capture,
	}
	if s.Cfg.Uploads == "" {
		props.Disabled = true
	}
	s.putWidget(p, o, "fileUploader", props, v)
	return s.files(v.Value.([]element.Upload))
}

func hasSuffix(name string, types []string) bool {
	for _, t := range types {
		if strings.HasSuffix(strings.ToLower(name), t) {
			return true
		}
	}
	return false
}

func (s *Session) uploadPath(id string) string { return filepath.Join(s.Cfg.Uploads, s.Cfg.ID, id) }

func (s *Session) files(list []element.Upload) []*UploadedFile {
	out := make([]*UploadedFile, len(list))
	for i, f := range list {
		out[i] = &UploadedFile{Name: f.Name, Size: f.Size, Type: f.Type, path: s.uploadPath(f.ID)}
	}
	return out
}

// removeUploads frees what a session's visitor sent.
func removeUploads(dir, session string) {
	if session == "" || strings.ContainsAny(session, `/\`) || session == "." || session == ".." {
		return
	}
	_ = os.RemoveAll(filepath.Join(dir, session))
}
