"""How many bytes a result takes in the saved notebook, side by side with other profilers.

    python benchmarks/saved.py [--json]                       run without a browser, by nbclient
    python benchmarks/saved.py [--json] --notebook A.ipynb    of a notebook that was saved

The same cell is run under every profiler of ``tools.json``, in one notebook. The bytes are those
of the file that nbformat writes, less the same file without the cell's outputs. Few bytes can also
mean that the result is not in the file: so a function's name is looked for. Cells that count have
the key ``bench`` in their metadata, with the name of the tool.
"""

from __future__ import annotations

import copy
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from common import options, print_json, progress, tools, workloads
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient

from jupyterlab_profiler.wire import MIME, decode

if TYPE_CHECKING:
    from collections.abc import Iterator

BODY = "size = realistic()"
#: A function that every profile of that cell names.
CALLED = "log_lines"


def notebook() -> Any:
    """A notebook in which every tool that displays something has its cell."""
    new_cell = nbformat.v4.new_code_cell
    cells = [new_cell(workloads())]
    for tool in tools():
        if tool.displays:
            cells += [new_cell(tool.load), new_cell(tool.of(BODY), metadata={"bench": tool.name})]
    return nbformat.v4.new_notebook(cells=cells)


def executed() -> Any:
    book = notebook()
    manager = KernelManager(kernel_name="python3")
    assert manager.kernel_spec is not None
    manager.kernel_spec.argv[0] = sys.executable
    manager.kernel_spec.argv.append("--log-level=ERROR")
    NotebookClient(book, km=manager, timeout=180, allow_errors=True).execute()
    return book


def file_bytes(book: Any) -> int:
    return len(nbformat.writes(book).encode("utf-8"))


def saved(book: Any) -> dict[str, Any]:
    """Of each cell that counts: bytes of its outputs in the file, their MIME types, and more.

    ``names``: is a function of the profile named in them. ``failed``: the error, if it is one. Of
    this package also the bytes of the ``payload`` as JSON, and how many ``nodes`` and ``functions``
    are in it.
    """
    found = {}
    size = file_bytes(book)
    for index, cell in enumerate(book.cells):
        if name := cell.metadata.get("bench"):
            smaller = copy.deepcopy(book)
            smaller.cells[index].outputs = []
            found[name] = {
                "bytes": size - file_bytes(smaller),
                **_described(cell.outputs),
                **_payload(cell.outputs),
            }
    return found


def _described(outputs: list[Any]) -> dict[str, Any]:
    types: set[str] = set()
    for output in outputs:
        types |= set(output.get("data", {})) or {output.get("name") or output.output_type}
    about = {"types": sorted(types), "names": any(CALLED in text for text in _texts(outputs))}
    for output in outputs:
        if output.output_type == "error":
            return {**about, "failed": f"{output.ename}: {output.evalue}"}
    return about


def _payload(outputs: list[Any]) -> dict[str, int]:
    """Of a result of this package, what is in its payload."""
    for output in outputs:
        payload = output.get("data", {}).get(MIME)
        if payload:
            profile = decode(payload)
            return {
                "payload": len(json.dumps(payload, ensure_ascii=False).encode("utf-8")),
                "nodes": profile.paths.rows,
                "functions": len(profile.functions),
            }
    return {}


def _texts(value: Any) -> Iterator[str]:
    """Every text in the outputs, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def main() -> None:
    parser = options(__doc__, 1)
    parser.add_argument("--notebook", type=Path, help="look at this file")
    arguments = parser.parse_args()
    if arguments.notebook:
        book = nbformat.read(arguments.notebook, as_version=4)
    else:
        progress("  bytes in a notebook that nbclient ran")
        book = executed()
    result = saved(book)
    if "failed" in result["ours"] or not result["ours"]["names"]:
        raise SystemExit(f"this package left no profile in the notebook: {result['ours']}")
    if arguments.json:
        print_json(result)
        return
    for name, entry in result.items():
        what = "names functions" if entry["names"] else "names no function"
        failed = entry.get("failed", "")
        print(f"{name:14} {entry['bytes']:>9} bytes, {what}, {' '.join(entry['types'])} {failed}")
    ours = result["ours"]
    print(f"payload: {ours['payload']} bytes, {ours['nodes']} paths, {ours['functions']} functions")


if __name__ == "__main__":
    main()
