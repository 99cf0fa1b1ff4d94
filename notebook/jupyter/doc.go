// Package jupyter is a Jupyter kernel over a notebook session: it speaks the
// messaging protocol 5.4 on ZeroMQ sockets, and each execute_request becomes a
// cell at the end of the session's notebook.
//
//	frames ─ message ─ server ─ execute ─ notebook/session ─ kernel process
//	                     │         └ screen: elements to stream, display_data, ...
//	                     └ answers: kernel_info, complete, inspect, history, ...
//
// What it promises:
//
//   - Shell requests are answered one at a time, in order, each between a busy
//     and an idle status; control requests (interrupt, shutdown) at once.
//   - A cell sees the names of the cells executed before it. Executing a name's
//     definition again makes a new version of it. A cell that does not compile, or
//     fails, defines nothing: it leaves the notebook again.
//   - What a cell showed is updated in place (update_display_data) for as long as
//     it changes, also when a later request makes the cell run again.
//   - Messages that are not signed with the connection's key are dropped.
//
// The only importer of the ZeroMQ library.
package jupyter
