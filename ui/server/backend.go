package server

import (
	"context"
	"encoding/json"

	"stnb.dev/dataframe/page"
	"stnb.dev/notebook/session"
	"stnb.dev/ui/protocol"
	"stnb.dev/ui/server/provider"
	"stnb.dev/widgets/element"
)

// Live is a notebook somebody has open: in edit mode one for all who edit it, in
// app mode one per tab.
type Live interface {
	// Do hands over one op. It does not wait for what the op sets off; an error
	// says that the op was refused.
	Do(client string, op session.Op) error
	// Subscribe calls send with what happens, in order, beginning with the
	// whole document, until cancel returns. send waits while the browser is too
	// slow, so it is called from a goroutine of the subscriber's own.
	Subscribe(client string, send func([]session.Event)) (cancel func())
	// Page reads a window of a shown frame, or with Format "media" the bytes
	// of a media element.
	Page(ctx context.Context, r page.Request) (page.Reply, []byte, error)
	// Service answers an editor service. Apps have none.
	Service(ctx context.Context, method string, params json.RawMessage) (any, error)
	// Widget returns the element on the screen with that widget id.
	Widget(id string) (element.Element, bool)
}

// Visit is a live notebook as one tab has it.
type Visit struct {
	Live
	// ID is what the tab resumes with. It is a secret, travels inside the
	// protocol only, and never stands in a URL or a log.
	ID string
	// Handle names the visit in URLs of its media and uploads, and to the
	// kernel. It is worth nothing without the visitor's cookie.
	Handle string
}

// Workspace is the folder that edit mode serves.
type Workspace interface {
	Files
	List(ctx context.Context) (protocol.Listing, error)
	// Create makes a new notebook of a template, "" the empty one; its path is
	// relative to the root.
	Create(ctx context.Context, path, template string) (protocol.NotebookInfo, error)
	// Rename, Duplicate and Delete manage files. A deleted one is in the trash.
	Rename(ctx context.Context, from, to string) (protocol.NotebookInfo, error)
	Duplicate(ctx context.Context, path string) (protocol.NotebookInfo, error)
	Delete(ctx context.Context, path string) error
	// Open returns the live notebook of a path, the same for all who ask.
	Open(ctx context.Context, path string) (Visit, error)
	// Find returns an open notebook by handle.
	Find(handle string) (Visit, bool)
}

// App is what app mode serves: one notebook, with a session for each tab.
type App interface {
	Title() string
	// Join returns the visitor's session that hello.Session names, if it is
	// theirs and still kept, else a new one. ErrBusy asks the visitor to come back
	// later.
	Join(ctx context.Context, visitor Visitor, hello protocol.Hello) (Visit, error)
	// Find returns a visitor's session by its handle.
	Find(visitor, handle string) (Visit, bool)
	// Leave says that the tab's last socket is gone: the session is kept a
	// while for its return.
	Leave(v Visit)
}

// Visitor is who comes to an app.
type Visitor struct {
	ID   string         // the cookie's owner
	User *provider.User // who they are when a provider named them, else nil
	From string         // address that limits count by; "" has none
}

// refusal is an error whose text is meant for the person who asked.
type refusal struct {
	status int
	text   string
}

func (r *refusal) Error() string { return r.text }

// Refuse returns an error that ends a request with that HTTP status and text.
// Backends use it for what the person should know; the text of any other error
// stays in the log.
func Refuse(status int, text string) error { return &refusal{status, text} }

// ErrBusy says that there is no room for another session now.
var ErrBusy = Refuse(503, "This app has as many visitors as it can serve. Please come back in a minute.")
