package dataframe

import (
	"context"
	"fmt"

	"stnb.dev/duckconn"
)

// Rows in another order stand all over the frame, and DuckDB finds rows by their
// number only by reading all of them: a window of a large frame would cost a scan
// each time. So the rows around a window are put in a table of their own, in their
// new order, while the window is read the slow way: a block, for one more scan. And
// all of them are copied, in one more pass, while nobody asks for another order (see
// copy.go).

var (
	// directRows is how many rows a frame has at most for a scan to be quick enough.
	directRows int64 = 200_000
	// blockCells and maxKeptCells bound a block and a session's blocks together.
	blockCells   int64 = 4 << 20
	maxKeptCells int64 = 48 << 20
)

// denseRows is how many rows of a frame stand for one that a filter leaves, at most,
// for windows to be quick enough when rows stay in their order.
const denseRows = 16

// slow says whether windows of the order are worth a copy of its rows.
func (m *perm) slow(p *pin) bool {
	return p.rows > directRows && (m.sorted || m.total*denseRows < p.rows)
}

// block is the rows [no*size, (no+1)*size) of a permutation. Column rid has their
// numbers in the frame, c0, c1, ... the frame's columns.
type block struct {
	m     *perm
	p     *pin
	no    int64
	table string // "" until it is there
	cells int64
}

// blockSize is how many rows a block has of a frame with so many columns.
func blockSize(cols int) int64 {
	return min(max(blockCells/int64(max(cols, 1)), 1<<10), 1<<20)
}

// block returns the table of a block, "" when it is not there: then it will be.
func (sp *Space) block(p *pin, m *perm, no int64) string {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	for i, b := range sp.blocks {
		if b.m == m && b.no == no {
			sp.blocks = append(append(sp.blocks[:i:i], sp.blocks[i+1:]...), b) // newest last
			return b.table
		}
	}
	if sp.closed || !m.slow(p) {
		return ""
	}
	sp.wanted = append(sp.wanted, block{m: m, p: p, no: no})
	if !sp.gathering {
		sp.gathering = true
		go sp.gather()
	}
	return ""
}

// gather makes the blocks that are wanted, the newest wish first, and then a copy.
func (sp *Space) gather() {
	for {
		sp.mu.Lock()
		b, ok := sp.nextBlock()
		if !ok {
			sp.gathering = false
			sp.beginCopy()
			sp.mu.Unlock()
			return
		}
		sp.serial++
		b.table = duckconn.Quote(sp.schema) + "." + duckconn.Quote(fmt.Sprintf("b_%d", sp.serial))
		sp.mu.Unlock()
		err := sp.makeBlock(sp.life, &b)
		sp.mu.Lock()
		var gone []string
		switch {
		case err != nil:
			sp.wanted = nil // what is wrong now would be wrong with the others
		case !sp.hasPerm(b.m):
			gone = []string{b.table}
		default:
			gone = sp.keepBlock(b)
		}
		sp.mu.Unlock()
		for _, t := range gone {
			sp.drop(t)
		}
	}
}

// nextBlock is the block to make now: the one that was asked for last.
func (sp *Space) nextBlock() (block, bool) {
	for len(sp.wanted) > 0 {
		b := sp.wanted[len(sp.wanted)-1]
		sp.wanted = sp.wanted[:len(sp.wanted)-1]
		sp.looked = look{b.p, b.m}
		if !sp.closed && sp.hasPerm(b.m) && b.m.copied == "" && !sp.hasBlock(b.m, b.no) {
			return b, true
		}
	}
	return block{}, false
}

func (sp *Space) hasPerm(m *perm) bool {
	for _, have := range sp.perms {
		if have == m {
			return true
		}
	}
	return false
}

func (sp *Space) hasBlock(m *perm, no int64) bool {
	for _, b := range sp.blocks {
		if b.m == m && b.no == no {
			return true
		}
	}
	return false
}

// keepBlock notes a block and returns the tables of those that go for it: the ones
// not read for longest.
func (sp *Space) keepBlock(b block) (gone []string) {
	cells := b.cells
	for _, have := range sp.blocks {
		cells += have.cells
	}
	for len(sp.blocks) > 0 && cells > maxKeptCells {
		cells -= sp.blocks[0].cells
		gone = append(gone, sp.blocks[0].table)
		sp.blocks = sp.blocks[1:]
	}
	sp.blocks = append(sp.blocks, b)
	return gone
}

// forget returns all tables of a permutation, whose blocks it drops from the list.
func (sp *Space) forget(m *perm) []string {
	tables := []string{m.table}
	if m.copied != "" {
		tables = append(tables, m.copied)
	}
	return append(tables, sp.forgetBlocks(m)...)
}

// forgetBlocks drops a permutation's blocks from the list, and returns their tables.
func (sp *Space) forgetBlocks(m *perm) (tables []string) {
	kept := sp.blocks[:0]
	for _, b := range sp.blocks {
		if b.m == m {
			tables = append(tables, b.table)
			continue
		}
		kept = append(kept, b)
	}
	sp.blocks = kept
	return tables
}

// copyColumns are the columns of blocks and copies, of the frame as t.
func (p *pin) copyColumns() string {
	names := make([]string, len(p.cols)+1)
	names[0] = "t." + p.rid + " AS rid"
	for i, col := range p.cols {
		names[i+1] = fmt.Sprintf("t.%s AS c%d", duckconn.Quote(col.Name), i)
	}
	return join(names)
}

func (sp *Space) makeBlock(ctx context.Context, b *block) error {
	c, err := sp.also(ctx, &sp.gathers)
	if err != nil {
		return err
	}
	size := blockSize(len(b.p.cols))
	b.cells = min(size, b.m.total-b.no*size) * int64(len(b.p.cols)+1)
	_, err = c.Exec(ctx, fmt.Sprintf("CREATE TABLE %s AS SELECT %s FROM (SELECT rid, rowid AS place FROM %s WHERE rowid >= %d AND rowid < %d) AS m JOIN %s AS t ON t.%s = m.rid ORDER BY m.place",
		b.table, b.p.copyColumns(), b.m.table, b.no*size, (b.no+1)*size, b.p.rel, b.p.rid))
	return err
}
