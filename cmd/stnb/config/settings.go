package config

import "slices"

// Kind says how a setting's text is read.
type Kind string

// The kinds of setting.
const (
	Text     Kind = "text"
	Int      Kind = "number"
	Bool     Kind = "yes or no"
	Duration Kind = "duration" // as time.ParseDuration, and "7d"
	Size     Kind = "size"     // bytes, with K, M or G (of 1024)
	List     Kind = "list"     // in files an array, elsewhere separated by commas
)

// Setting is one line of the table.
type Setting struct {
	Key     string // in the file: "section.name"
	Env     string
	Flag    string // "" none; the commands that have it are in On
	Kind    Kind
	Default string
	Help    string
	On      []string // commands it means something to
	Secret  bool     // its value is never shown
}

var (
	edit    = []string{"edit"}
	run     = []string{"run"}
	serving = []string{"edit", "run"}
	kernels = []string{"edit", "run", "exec", "test"}
)

// Settings is every setting there is, by section. What a file or the environment
// says of anything else is an error, so that a misspelt name is seen.
var Settings = []Setting{
	{"server.port", "STNB_PORT", "port", Int, "", "port to listen on (edit: 8888, run: 8501; 0: any)", serving, false},
	{"server.host", "STNB_HOST", "host", Text, "127.0.0.1", "address to listen on", serving, false},
	{"server.public_url", "STNB_PUBLIC_URL", "public-url", Text, "", "address browsers use, when a proxy stands before the server", serving, false},
	{"server.hosts", "STNB_HOSTS", "", List, "", "further host names to answer to", serving, false},
	{"server.tls_cert", "STNB_TLS_CERT", "tls-cert", Text, "", "file with the TLS certificate", serving, false},
	{"server.tls_key", "STNB_TLS_KEY", "tls-key", Text, "", "file with the TLS key", serving, false},
	{"server.open", "STNB_OPEN", "open", Bool, "false", "open a browser", serving, false},
	{"server.max_sockets", "STNB_MAX_SOCKETS", "", Int, "5000", "WebSockets open at once", serving, false},
	{"server.max_sockets_per_address", "STNB_MAX_SOCKETS_PER_ADDRESS", "", Int, "100", "WebSockets open at once from one address, loopback excepted", serving, false},

	{"edit.no_token", "STNB_NO_TOKEN", "no-token", Bool, "false", "let everybody on this machine edit, without signing in (loopback only)", edit, false},
	{"edit.token", "STNB_TOKEN", "", Text, "", "lasting token for tools, beside the link printed at the start", edit, true},
	{"edit.password_hash", "STNB_PASSWORD_HASH", "", Text, "", "password to sign in with, as `stnb password` writes it", edit, true},

	{"app.max_sessions", "STNB_MAX_SESSIONS", "", Int, "", "sessions of visitors at once (2000; 50 with a worker for each)", run, false},
	{"app.isolate", "STNB_ISOLATE", "", Text, "", "visitor: a worker, caches and DuckDB for each session; empty: one for all", run, false},
	{"app.max_sessions_per_address", "STNB_MAX_SESSIONS_PER_ADDRESS", "", Int, "200", "sessions of visitors from one address, loopback excepted; of more, the one that was left first ends", run, false},
	{"app.keep", "STNB_KEEP", "", Duration, "10m", "how long a session is kept after its last connection", run, false},
	{"app.run_time", "STNB_RUN_TIME", "", Duration, "60s", "longest run of the notebook for one interaction", run, false},
	{"app.password_hash", "STNB_APP_PASSWORD_HASH", "", Text, "", "password that visitors are asked for, as `stnb password` writes it", run, true},
	{"app.embed", "STNB_EMBED", "", List, "", "origins that may show the app in a frame", run, false},

	{"app.roles", "STNB_ROLES", "", List, "", "roles of people beside those their provider tells: role:address or role:@domain", run, false},
	{"app.access", "STNB_ACCESS", "", List, "", "who apps are for: app:role; an app not named is for all who may come in", run, false},

	{"oidc.issuer", "STNB_OIDC_ISSUER", "", Text, "", "OpenID Connect provider that visitors sign in with", run, false},
	{"oidc.client_id", "STNB_OIDC_CLIENT_ID", "", Text, "", "our name at the provider", run, false},
	{"oidc.client_secret", "STNB_OIDC_CLIENT_SECRET", "", Text, "", "our secret at the provider", run, true},
	{"oidc.scopes", "STNB_OIDC_SCOPES", "", List, "profile,email", "what the provider is asked for", run, false},
	{"oidc.roles_claim", "STNB_OIDC_ROLES_CLAIM", "", Text, "groups", "claim that lists a person's roles", run, false},
	{"oidc.allow", "STNB_OIDC_ALLOW", "", List, "", "who may sign in: address or @domain; empty: all that the provider knows", run, false},

	{"theme.primary_color", "STNB_THEME_PRIMARY_COLOR", "", Text, "", "colour of buttons, links and sliders, as #rrggbb", serving, false},
	{"theme.background_color", "STNB_THEME_BACKGROUND_COLOR", "", Text, "", "colour of the page, as #rrggbb", serving, false},
	{"theme.secondary_background_color", "STNB_THEME_SECONDARY_BACKGROUND_COLOR", "", Text, "", "colour of the sidebar and of fields, as #rrggbb", serving, false},
	{"theme.text_color", "STNB_THEME_TEXT_COLOR", "", Text, "", "colour of text, as #rrggbb", serving, false},
	{"theme.font", "STNB_THEME_FONT", "", Text, "", "fonts of text, best first, as CSS names them", serving, false},

	{"upload.max", "STNB_UPLOAD_MAX", "", Size, "50M", "biggest uploaded file", serving, false},
	{"upload.session", "STNB_UPLOAD_SESSION", "", Size, "200M", "uploaded files of one session together", serving, false},
	{"upload.total", "STNB_UPLOAD_TOTAL", "", Size, "20G", "uploaded files of all sessions together", serving, false},

	{"kernel.engine", "STNB_ENGINE", "engine", Text, "auto", "engine that runs Go: auto, yaegi or ssa", kernels, false},
	{"kernel.memory", "STNB_MEMORY", "memory", Size, "0", "memory a kernel may use; 0: no limit", kernels, false},

	{"duckdb.memory", "STNB_DUCKDB_MEMORY", "", Size, "", "memory DuckDB may use in a kernel (run: 2G; else 80 % of the machine)", kernels, false},
	{"duckdb.threads", "STNB_DUCKDB_THREADS", "", Int, "", "threads of DuckDB in a kernel (all cores)", kernels, false},
	{"duckdb.temp", "STNB_DUCKDB_TEMP", "", Size, "", "disk that DuckDB may use for what does not fit into its memory (run: 10G; else 90 % of what is free)", kernels, false},
	{"duckdb.extensions", "STNB_DUCKDB_EXTENSIONS", "", Bool, "", "let DuckDB load extensions from the network when a query needs one (run: no; else yes)", kernels, false},
	{"duckdb.folders", "STNB_DUCKDB_FOLDERS", "", List, "", "the only folders that DuckDB may read and write, and no network; empty: all", kernels, false},

	{"log.level", "STNB_LOG_LEVEL", "log-level", Text, "warn", "least level that is logged: debug, info, warn or error", serving, false},
	{"log.audit", "STNB_AUDIT", "", Text, "", "file that who edited, ran and published what is added to, a line of JSON each", serving, false},
	{"metrics.listen", "STNB_METRICS_LISTEN", "", Text, "", "address and port to serve /metrics on, such as 127.0.0.1:9464", serving, false},
	{"metrics.token", "STNB_METRICS_TOKEN", "", Text, "", "token that readers of /metrics there send: Authorization: Bearer <token>", serving, true},
	{"log.format", "STNB_LOG_FORMAT", "log-format", Text, "text", "form of the log: text or json", serving, false},
}

// For returns the settings that mean something to a command.
func For(command string) []Setting {
	var list []Setting
	for _, s := range Settings {
		if slices.Contains(s.On, command) {
			list = append(list, s)
		}
	}
	return list
}

func find(key string) (Setting, bool) {
	i := slices.IndexFunc(Settings, func(s Setting) bool { return s.Key == key })
	if i < 0 {
		return Setting{}, false
	}
	return Settings[i], true
}
