"""Asks nbformat whether each file is a notebook as its schema says."""
import sys

import nbformat

for name in sys.argv[1:]:
    with open(name, encoding="utf-8") as f:
        nb = nbformat.reads(f.read(), as_version=nbformat.NO_CONVERT)
    nbformat.validate(nb)
    if nb.nbformat_minor >= 5:
        ids = [c["id"] for c in nb.cells]
        assert len(ids) == len(set(ids)), name
print(len(sys.argv) - 1, "valid")
