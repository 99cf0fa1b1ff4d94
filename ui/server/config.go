package server

import (
	"io"
	"log/slog"
	"net/url"
	"time"

	"stnb.dev/ui"
)

// Config is what both servers need.
type Config struct {
	Assets ui.Assets
	Log    *slog.Logger
	// Audit, when not nil, is told what people do.
	Audit func(Deed)
	// Metrics, when not nil, writes numbers of others after the server's own.
	Metrics func(io.Writer)
	// Build names the binary; a page of another build reloads itself.
	Build string
	// Public is the address browsers use when it is not the one listened on,
	// as behind a reverse proxy: its host is allowed, its scheme decides about
	// secure cookies, its path is put before every path. nil: there is none.
	Public *url.URL
	// Hosts are further host names to answer to, without port.
	Hosts []string
	// AnyIP answers to every IP address as host, for servers bound to more
	// than loopback. (A foreign site cannot make a browser send one.)
	AnyIP bool
	// Embedders are origins besides our own that may show the pages in a frame.
	Embedders []string
	// Theme replaces colours and font of the pages.
	Theme Theme
	// TLS says that the listener speaks TLS.
	TLS bool
	// Port is the port listened on; it is part of cookie names, so that two
	// servers on one machine do not sign each other's users out.
	Port int
	// Uploads is the folder that uploaded files are put in, one folder a
	// session. "" refuses uploads.
	Uploads string
	Limits  Limits
}

// Limits bound what a client can make the server hold. The zero value of each is
// replaced by the default said beside it.
type Limits struct {
	Sockets           int           // open at once: 5,000
	SocketsPerAddress int           // from one address, loopback excepted: 100
	MessageBytes      int64         // one frame from a browser: 1 MiB in app mode, 32 MiB in edit mode
	MessagesPerSecond int           // sustained; ten times as many in a burst: 100
	QueueBytes        int           // waiting for a slow browser: 4 MiB in app mode, 64 MiB in edit mode
	BodyBytes         int64         // of a request that is no upload: 512 KiB
	UploadBytes       int64         // one uploaded file: 50 MiB
	SessionBytes      int64         // all uploaded files of one session: 200 MiB
	TotalBytes        int64         // all uploaded files of all sessions: 20 GiB
	AnswerBytes       int64         // of media and frames being sent, all together: 2 GiB
	QueryBytes        int           // of a query string: 512 KiB
	QueryFields       int           // of a query string: 1,000
	ReadTimeout       time.Duration // of a request's head and body: 20 s
	UploadTimeout     time.Duration // of an uploaded body: 10 min
	WriteTimeout      time.Duration // of an answer: 60 s
	SocketWrite       time.Duration // of one frame: 10 s
	SocketPing        time.Duration // between pings; three missed end the socket: 20 s
	Hello             time.Duration // from a socket's opening to its first frame: 10 s
	PageTimeout       time.Duration // of a window of a frame: 60 s
}

func orElse[T int | int64 | time.Duration](v *T, d T) {
	if *v == 0 {
		*v = d
	}
}

func (l Limits) withDefaults(edit bool) Limits {
	message, queue := int64(1<<20), 4<<20
	if edit { // the owner pastes whole files and looks at big outputs
		message, queue = 32<<20, 64<<20
	}
	orElse(&l.Sockets, 5000)
	orElse(&l.SocketsPerAddress, 100)
	orElse(&l.MessageBytes, message)
	orElse(&l.MessagesPerSecond, 100)
	orElse(&l.QueueBytes, queue)
	orElse(&l.BodyBytes, 512<<10)
	orElse(&l.UploadBytes, 50<<20)
	orElse(&l.SessionBytes, 200<<20)
	orElse(&l.TotalBytes, 20<<30)
	orElse(&l.AnswerBytes, 2<<30)
	orElse(&l.QueryBytes, 512<<10)
	orElse(&l.QueryFields, 1000)
	orElse(&l.ReadTimeout, 20*time.Second)
	orElse(&l.UploadTimeout, 10*time.Minute)
	orElse(&l.WriteTimeout, 60*time.Second)
	orElse(&l.SocketWrite, 10*time.Second)
	orElse(&l.SocketPing, 20*time.Second)
	orElse(&l.Hello, 10*time.Second)
	orElse(&l.PageTimeout, 60*time.Second)
	return l
}
