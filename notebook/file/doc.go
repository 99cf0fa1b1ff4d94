// Package file reads and writes notebook files, and loses nothing doing it.
//
// Two formats, chosen by the name's ending:
//
//   - .md is Markdown as jupytext writes it: a YAML front matter, ```go and
//     ```sql fences as cells, the text between them as Markdown cells. It reads
//     well on any forge and diffs well in git. See Markdown below.
//   - .ipynb is Jupyter's nbformat, read from version 3 on, written as 4.5.
//
// What it promises:
//
//   - Reading never changes a file, and a file that is not a notebook gives an
//     *Error of one line that says what is wrong and where.
//   - A notebook that was read and not changed is written back byte for byte,
//     line ends, indentation and unknown keys included.
//   - Of a notebook that was changed, the cells that were not keep their bytes
//     (.md), or their keys, order and numbers as written (.ipynb).
//   - What is written reads back as the same notebook. Write checks that itself
//     and fails rather than save something else.
//
// # Markdown
//
// A fence that opens at the start of a line with ```go or ```sql is a cell,
// unless it is marked .noeval; fences of other languages, indented ones, and
// those inside other fences are text. Text is cut into cells at two blank lines.
// A Markdown cell that needs them inside, or that has attributes, stands between
// <!-- #region --> and <!-- #endregion -->; a raw cell between <!-- #raw --> and
// <!-- #endraw -->. Attributes follow the language or the word region:
//
//	```sql name="owners" connection="pets"
//	<!-- #region name="intro" tags=["a", "b"] -->
//
// Values are JSON, as jupytext has them; bare words are read too. name, connection, hide_code, disabled
// and once are the cell's fields; others are kept in Cell.Meta.
//
// The front matter's title, and reactive, outputs and engine under stnb, are the
// notebook's settings. Changing one changes its line only.
package file
