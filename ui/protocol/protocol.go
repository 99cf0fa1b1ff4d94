// Package protocol is what the server and the browser say to each other over the
// WebSocket, and the generator that writes the same types in TypeScript
// (ui/web/src/protocol), so that neither side can drift from the other.
//
// Every frame is one JSON text with exactly one field of Client or Server set,
// beside Seq. The life of a connection:
//
//  1. the browser sends Hello, the server answers Welcome;
//  2. the server sends Events, the first of which is a session.Document;
//  3. the browser sends Ops, numbered by Seq from 1 within its client id. The
//     server answers Ack once the session has taken one. After a lost connection
//     Welcome.Seq tells which ops arrived; the browser sends the others again, so
//     an op is neither lost nor applied twice;
//  4. Requests (editor services) are answered by a Response with the same ID.
//
// Columns are in UTF-8 bytes on this link too (package source); the browser
// converts to its UTF-16 at its own edge.
package protocol

import (
	"encoding/json"

	"stnb.dev/dataframe/page"
	"stnb.dev/notebook/session"
)

// Client is a frame from the browser.
type Client struct {
	Hello *Hello      `json:"hello,omitempty"`
	Op    *session.Op `json:"op,omitempty"`
	Seq   uint64      `json:"seq,omitempty"` // of Op
	Req   *Request    `json:"req,omitempty"`
}

// Hello is the first frame of every connection.
type Hello struct {
	// Client is unique to one loaded page: it stays the same when a connection
	// is lost and made again, and is new after a reload.
	Client string `json:"client"`
	// Session asks for the session an earlier Welcome named; "" asks for a new one.
	Session string `json:"session,omitempty"`
	// Query is the page's query string without the "?", Page its path in the app.
	Query string `json:"query,omitempty"`
	Page  string `json:"page,omitempty"`
}

// Request calls an editor service: "complete", "hover", "signature",
// "definition", "references", "rename", "format"; or asks for the notebook's
// variables: "variables" answers a list of wire.Var, "variable" takes a
// session.VariableAt and answers a session.VariableShown.
type Request struct {
	ID     uint64          `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params,omitempty"`
}

// Server is a frame to the browser.
type Server struct {
	Welcome *Welcome        `json:"welcome,omitempty"`
	Events  []session.Event `json:"events,omitempty"`
	Ack     uint64          `json:"ack,omitempty"` // every op up to this Seq was taken
	Res     *Response       `json:"res,omitempty"`
	Error   *Failure        `json:"error,omitempty"`
}

// Welcome answers Hello.
type Welcome struct {
	Session string `json:"session"` // to resume with: a secret, never in an address
	Handle  string `json:"handle"`  // names the session in addresses (frames, media, uploads)
	Mode    string `json:"mode"`    // "edit" or "app"
	Client  string `json:"client"`
	Seq     uint64 `json:"seq,omitempty"` // the last op taken from this client
	// Build changes with the server's binary; a page of another build reloads itself.
	Build string `json:"build,omitempty"`
}

// Response answers the Request with the same ID: Result, or Error when it failed.
type Response struct {
	ID     uint64          `json:"id"`
	Result json.RawMessage `json:"result,omitempty"`
	Error  string          `json:"error,omitempty"`
}

// Failure says why the server refuses an op, or the connection.
type Failure struct {
	Text  string `json:"text"`
	Seq   uint64 `json:"seq,omitempty"`   // of the op that was refused
	Fatal bool   `json:"fatal,omitempty"` // do not connect again
}

// FrameRequest is the body of POST /frames. The reply's description is the
// header X-Stnb-Reply (a page.Reply as JSON), its body the rows.
type FrameRequest struct {
	Session string       `json:"session"` // Welcome.Handle
	Request page.Request `json:"request"`
}

// Listing answers GET /api/notebooks.
type Listing struct {
	Root      string         `json:"root"` // the folder's name, for the title
	Notebooks []NotebookInfo `json:"notebooks"`
	// Templates are what a new notebook may begin as.
	Templates []Template `json:"templates"`
	// Tour says that there are notebooks that teach, to be had by POST /api/tour.
	Tour bool `json:"tour,omitempty"`
}

// Template is what a new notebook may begin as.
type Template struct {
	Name  string `json:"name"`
	Title string `json:"title"`
}

// Folder answers GET /api/folder?path=.
type Folder struct {
	Path    string  `json:"path"` // "" the root
	Entries []Entry `json:"entries"`
}

// Entry is a file or folder. GET /api/files/<path> downloads a file, PUT makes one.
type Entry struct {
	Name     string `json:"name"`
	Path     string `json:"path"`
	Folder   bool   `json:"folder,omitempty"`
	Notebook bool   `json:"notebook,omitempty"`
	Title    string `json:"title,omitempty"`
	Size     int64  `json:"size"`             // bytes
	Modified int64  `json:"modified"`         // ms since 1970
	Kernel   string `json:"kernel,omitempty"` // KernelState.State while it is open
}

// Trash answers GET /api/trash, the newest first. POST /api/trash/restore takes one
// out of it, DELETE /api/trash?id= deletes one for good, without id all.
type Trash struct {
	Deleted []Deleted `json:"deleted"`
}

// Deleted is a file or folder in the trash.
type Deleted struct {
	ID     string `json:"id"`
	Path   string `json:"path"` // it had
	At     int64  `json:"at"`   // ms since 1970
	Folder bool   `json:"folder,omitempty"`
	Size   int64  `json:"size"` // bytes, of a file
}

// Restore asks to take something out of the trash; the answer is a Restored.
type Restore struct {
	ID string `json:"id"`
}

// Restored says where it is now: another name when its own was taken.
type Restored struct {
	Path string `json:"path"`
}

// Hits answers GET /api/search?q=: where a text was found; More says that there is
// more.
type Hits struct {
	Hits []Hit `json:"hits"`
	More bool  `json:"more,omitempty"`
}

// Hit is one place: a line of a file, or (Line 0) its name.
type Hit struct {
	Path string `json:"path"`
	Line int    `json:"line,omitempty"`
	Text string `json:"text,omitempty"`
}

// NotebookInfo is one notebook of the folder.
type NotebookInfo struct {
	Path     string `json:"path"`             // relative to the root, with "/"
	Title    string `json:"title,omitempty"`  // of its front matter or first heading
	Modified int64  `json:"modified"`         // ms since 1970
	Size     int64  `json:"size"`             // bytes
	Kernel   string `json:"kernel,omitempty"` // KernelState.State while it is open
	Engine   string `json:"engine,omitempty"`
}

// NewNotebook is the body of POST /api/notebooks; the answer is a NotebookInfo. It
// is also the body of POST /api/folder, and the answer to POST /api/tour.
type NewNotebook struct {
	Path     string `json:"path"`
	Template string `json:"template,omitempty"`
}

// RenameNotebook is the body of POST /api/notebooks/rename; the answer is a
// NotebookInfo. POST /api/notebooks/duplicate and /delete take a NewNotebook.
type RenameNotebook struct {
	Path string `json:"path"`
	To   string `json:"to"`
}

// The types below are the parameters and results of the services.
type (
	// At is the parameter of complete, hover, signature, definition and references.
	At struct {
		Cell   string `json:"cell"`
		Line   int    `json:"line"`
		Column int    `json:"column"`
	}
	// Rename is the parameter of rename.
	Rename struct {
		At
		Name string `json:"name"`
	}
	// Format is the parameter of format.
	Format struct {
		Cell string `json:"cell"`
	}
)
