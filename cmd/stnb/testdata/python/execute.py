"""Runs a notebook with nbclient, and prints what its cells showed as text.

usage: execute.py NOTEBOOK [COPY]
"""
import sys

import nbformat
from nbclient import NotebookClient

nb = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(nb, timeout=120, kernel_name="stnb", allow_errors=False).execute()
nbformat.validate(nb)
if len(sys.argv) > 2:
    nbformat.write(nb, sys.argv[2])
for cell in nb.cells:
    for out in cell.get("outputs", []):
        text = out.get("text") or out.get("data", {}).get("text/plain", "")
        print(out.output_type + ": " + text.strip())
