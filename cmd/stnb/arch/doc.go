// Package arch holds the rules of the architecture as a test: what stands at the
// root, who may import whom, and which package alone may import a library. A rule
// that is broken says what to do instead. ARCHITECTURE.md tells why they are so.
package arch
