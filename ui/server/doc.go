// Package server speaks HTTP and WebSocket: it checks who asks, and hands what
// they ask to a live notebook (edit mode) or to a visitor's session of an app
// (app mode). It holds no notebook state of its own.
//
// There are two servers, made by NewEdit and NewApp. They share the plumbing in
// this package and no routes: the app server has no handler that could edit, run
// or read source, so no request to it can.
//
// # Life of a request
//
//	conns.go    connections: how many, how long they may be silent, how they end
//	outer.go    recover, request id, headers, Host and encoding checks, log line
//	routes.go   the one table of routes: who may call each, and what is checked
//	guard.go    authentication, Origin, Sec-Fetch-Site and X-Stnb
//	edit.go, app.go, frames.go, uploads.go, media.go, static.go   the handlers
//
// # Life of a socket
//
// guard.go admits it, socket.go speaks the protocol: one goroutine reads, one
// writes, requests run in a few more, and all are joined before the handler
// returns, because the connection's wrapper is used again for another visitor
// then. sockets.go knows every open socket, so that limits hold and a shutdown
// can say good-bye to each.
//
// # Rules kept here
//
//   - Strings from a *fiber.Ctx live until the handler returns: what is kept is
//     copied. No *fiber.Ctx leaves its handler.
//   - A body is read by readBody, with a limit, and never through c.Body, which
//     decompresses without one.
//   - The Host is the raw header's, never what X-Forwarded-Host claims. Addresses
//     that a proxy on this machine tells of serve limits and logs (from, in hosts.go).
//   - Nothing a handler panics with reaches a client.
package server
