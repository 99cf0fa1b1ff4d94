package notebook

// Reconcile gives the cells of next the IDs of the cells of old that they are,
// when next was read anew from a file that somebody else changed: what runs,
// what is shown and what can be undone hangs on IDs. Cells of the same kind and
// text are the same cell, first as many in order as can be, then wherever they
// moved; what is left pairs up by kind, in order, between two known cells, since
// an edit is likelier than a deletion with an insertion. Neither notebook is
// touched.
func Reconcile(old, next *Notebook) *Notebook {
	r := reconciler{old: old.Cells, next: next.Cells, from: make([]int, len(next.Cells)), used: make([]bool, len(old.Cells))}
	for j := range r.from {
		r.from[j] = -1
	}
	anchors := r.inOrder()
	r.moved()
	i, j := 0, 0
	for _, pair := range append(anchors, [2]int{len(old.Cells), len(next.Cells)}) {
		r.edited(i, pair[0], j, pair[1])
		i, j = pair[0]+1, pair[1]+1
	}

	cells := make([]Cell, len(next.Cells))
	for j, c := range next.Cells {
		if i := r.from[j]; i >= 0 {
			c.ID = old.Cells[i].ID
		} else if old.Index(c.ID) >= 0 {
			c.ID = NewID()
		}
		cells[j] = c
	}
	return next.with(cells)
}

// reconciler pairs cells of next with cells of old.
type reconciler struct {
	old, next []Cell
	from      []int  // by index in next: its index in old, or -1
	used      []bool // by index in old
}

func (r *reconciler) pair(i, j int) {
	r.from[j] = i
	r.used[i] = true
}

func (r *reconciler) same(i, j int) bool {
	return r.old[i].Kind == r.next[j].Kind && r.old[i].Source == r.next[j].Source
}

// inOrder pairs a longest common subsequence and returns it. Equal ends are cut
// off first; a middle too large for the quadratic table is left to moved.
func (r *reconciler) inOrder() (anchors [][2]int) {
	add := func(i, j int) { r.pair(i, j); anchors = append(anchors, [2]int{i, j}) }
	start, iEnd, jEnd := 0, len(r.old), len(r.next)
	for start < iEnd && start < jEnd && r.same(start, start) {
		add(start, start)
		start++
	}
	for iEnd > start && jEnd > start && r.same(iEnd-1, jEnd-1) {
		iEnd, jEnd = iEnd-1, jEnd-1
	}

	if rows, cols := iEnd-start, jEnd-start; rows*cols <= 4<<20 {
		length := make([][]int32, rows+1)
		for i := range length {
			length[i] = make([]int32, cols+1)
		}
		for i := rows - 1; i >= 0; i-- {
			for j := cols - 1; j >= 0; j-- {
				if r.same(start+i, start+j) {
					length[i][j] = length[i+1][j+1] + 1
				} else {
					length[i][j] = max(length[i+1][j], length[i][j+1])
				}
			}
		}
		for i, j := 0, 0; i < rows && j < cols; {
			switch {
			case r.same(start+i, start+j):
				add(start+i, start+j)
				i, j = i+1, j+1
			case length[i+1][j] >= length[i][j+1]:
				i++
			default:
				j++
			}
		}
	}

	for i, j := iEnd, jEnd; i < len(r.old); i, j = i+1, j+1 {
		add(i, j)
	}
	return anchors
}

// moved pairs cells of equal kind and text that are left, wherever they stand.
func (r *reconciler) moved() {
	type content struct {
		kind   Kind
		source string
	}
	left := map[content][]int{}
	for i, c := range r.old {
		if !r.used[i] {
			k := content{c.Kind, c.Source}
			left[k] = append(left[k], i)
		}
	}
	for j, c := range r.next {
		k := content{c.Kind, c.Source}
		if r.from[j] < 0 && len(left[k]) > 0 {
			r.pair(left[k][0], j)
			left[k] = left[k][1:]
		}
	}
}

// edited pairs what is left of old[i:iEnd] and next[j:jEnd] by kind, in order.
func (r *reconciler) edited(i, iEnd, j, jEnd int) {
	for ; j < jEnd; j++ {
		if r.from[j] >= 0 {
			continue
		}
		for k := i; k < iEnd; k++ {
			if !r.used[k] && r.old[k].Kind == r.next[j].Kind {
				r.pair(k, j)
				i = k + 1
				break
			}
		}
	}
}
