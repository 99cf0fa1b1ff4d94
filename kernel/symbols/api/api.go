// Package api is the reflect table of stnb's own packages that notebooks call:
// widgets/core, over which the source of widgets runs, and dataframe. It stands
// apart from package symbols because it links DuckDB.
package api

import "stnb.dev/kernel/symbols"

// Symbols returns the table. The caller does not change it.
func Symbols() symbols.Table { return table }
