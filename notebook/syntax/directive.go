package syntax

import (
	"fmt"
	"go/ast"
	"strconv"
	"strings"
	"time"
)

// Cache is the directive //st:cache above a func: its results are kept.
type Cache struct {
	Func *ast.FuncDecl
	// Resource shares one value among all instead of a copy each.
	Resource bool
	TTL      time.Duration
	Max      int
	Disk     bool
}

// Caches are the funcs of the cell with the directive //st:cache. Directives that
// cannot be followed come back as errors.
func (c *Cell) Caches() ([]Cache, []Error) {
	var list []Cache
	var errs []Error
	for _, d := range c.Directives {
		words := strings.Fields(d.Lit)
		if words[0] != "//st:cache" {
			if strings.HasPrefix(words[0], "//st:") && words[0] != timeDirective {
				errs = append(errs, Error{d.Offset, d.End(), "unknown directive " + words[0]})
			}
			continue
		}
		cache, err := parseCache(words[1:])
		cache.Func = c.funcBelow(d.End())
		switch fn := cache.Func; {
		case err != nil:
		case fn == nil:
			err = fmt.Errorf("//st:cache must stand right above a func")
		case fn.Recv != nil:
			err = fmt.Errorf("//st:cache is for funcs: a method's receiver is no argument")
		case fn.Type.TypeParams != nil:
			err = fmt.Errorf("//st:cache is not for generic funcs")
		case fn.Type.Results.NumFields() == 0:
			err = fmt.Errorf("//st:cache is for funcs with results")
		}
		if err != nil {
			errs = append(errs, Error{d.Offset, d.End(), err.Error()})
			continue
		}
		list = append(list, cache)
	}
	return list, errs
}

func parseCache(words []string) (c Cache, err error) {
	for _, w := range words {
		key, value, _ := strings.Cut(w, "=")
		switch key {
		case "resource":
			c.Resource = true
		case "disk":
			c.Disk = true
		case "ttl":
			if c.TTL, err = time.ParseDuration(value); err != nil || c.TTL <= 0 {
				return c, fmt.Errorf("ttl=%s is not a duration such as 90s or 1h", value)
			}
		case "max":
			if c.Max, err = strconv.Atoi(value); err != nil || c.Max < 1 {
				return c, fmt.Errorf("max=%s is not a number of entries", value)
			}
		default:
			return c, fmt.Errorf("//st:cache knows ttl=, max=, disk and resource, not %s", key)
		}
	}
	return c, nil
}

// funcBelow is the func that begins behind an offset, with nothing but comments
// between.
func (c *Cell) funcBelow(offset int) *ast.FuncDecl {
	for _, t := range c.Tokens {
		if t.Offset < offset {
			continue
		}
		for _, d := range c.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && c.Offset(fn.Pos()) == t.Offset {
				return fn
			}
		}
		return nil
	}
	return nil
}
