"""Notebooks with many outputs: results of this package, and the same as text.

    python benchmarks/fifty.py FOLDER [--outputs N] [--json]

Writes ``results.ipynb`` and ``texts.ipynb``: N cells (default 50), each with the same result of the
realistic cell, call paths and all. The texts are what the results show where there is no front end.
``empty.ipynb`` has one cell and no output.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import nbformat
from common import print_json, workloads

from jupyterlab_profiler import profile

LINES = 5_000


def bundle() -> dict[str, Any]:
    """The MIME bundle of the realistic cell."""
    names: dict[str, Any] = {}
    exec(compile(workloads(), "workloads.py", "exec"), names)
    with profile("realistic cell") as found:
        names["realistic"](LINES)
    data: dict[str, Any] = found._repr_mimebundle_()
    return data


def write(path: Path, data: dict[str, Any] | None, count: int) -> int:
    """Write a notebook of so many cells, each with this output; returns its bytes."""
    cells = []
    for number in range(count):
        cell = nbformat.v4.new_code_cell(f"size = realistic({LINES})", id=f"cell-{number}")
        if data is not None:
            cell.execution_count = number + 1
            cell.outputs = [nbformat.v4.new_output("display_data", data=data)]
        cells.append(cell)
    book = nbformat.v4.new_notebook(cells=cells)
    book.metadata["kernelspec"] = {"name": "bench", "display_name": "bench", "language": "python"}
    text = nbformat.writes(book)
    path.write_text(text, encoding="utf-8")
    return len(text.encode("utf-8"))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--outputs", type=int, default=50)
    parser.add_argument("--json", action="store_true", help="print all figures as JSON")
    arguments = parser.parse_args()
    data = bundle()
    write(arguments.folder / "empty.ipynb", None, 1)
    [payload] = (value for name, value in data.items() if name.endswith("+json"))
    found = {
        "outputs": arguments.outputs,
        "payload": len(json.dumps(payload, ensure_ascii=False).encode("utf-8")),
        "results": write(arguments.folder / "results.ipynb", data, arguments.outputs),
        "texts": write(
            arguments.folder / "texts.ipynb",
            {"text/plain": data["text/plain"]},
            arguments.outputs,
        ),
    }
    if arguments.json:
        print_json(found)
        return
    for name, value in found.items():
        print(f"{name:10} {value}")


if __name__ == "__main__":
    main()
