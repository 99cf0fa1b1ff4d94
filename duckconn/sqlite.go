package duckconn

import (
	"database/sql/driver"
	"fmt"
	"hash/fnv"

	"modernc.org/sqlite" // the driver "sqlite"
)

// SQLite has no hash of its own for samples that are the same each time.
func init() {
	sqlite.MustRegisterDeterministicScalarFunction("stnb_scramble", 1, func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
		h := fnv.New64a()
		fmt.Fprint(h, args[0])
		// Numbers that follow each other have hashes that nearly do.
		x := h.Sum64()
		x ^= x >> 32
		x *= 0xd6e8feb86659fd93
		x ^= x >> 32
		return int64(x), nil
	})
}
