package build

import (
	"go/types"
	"sync"

	"stnb.dev/kernel/modules"
)

// Packages of other modules stay packages: they are checked from their source, once
// for all notebooks of a folder, and run by the engine that runs source.

// importers are those of the folders that notebooks are in, as long as the go.mod
// there stays the same.
var importers struct {
	sync.Mutex
	in map[importerKey]*modules.Importer
}

type importerKey struct {
	dir  string
	next types.Importer
}

// importerIn is the importer of a folder's notebooks; next has what is in this stnb.
func importerIn(dir string, next types.Importer) *modules.Importer {
	importers.Lock()
	defer importers.Unlock()
	key := importerKey{dir, next}
	if i := importers.in[key]; i != nil && i.Same() {
		return i
	}
	if importers.in == nil {
		importers.in = map[importerKey]*modules.Importer{}
	}
	i := modules.Open(dir).Importer(sharedFiles, next, nil)
	importers.in[key] = i
	return i
}
