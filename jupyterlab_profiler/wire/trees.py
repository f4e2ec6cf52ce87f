"""What the rows of trees must be: the reader refuses others, and the writer makes none."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from . import layout
from .columns import WireError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..model import Table


def check_threads(parents: Sequence[int | None]) -> None:
    """Refuse a thread that is its own ancestor."""
    met_by: dict[int, int] = {}
    for row in range(len(parents)):
        thread: int | None = row
        while thread is not None and thread not in met_by:
            met_by[thread] = row
            thread = parents[thread]
        if thread is not None and met_by[thread] == row:
            raise WireError(f"threads, row {thread}: it is its own ancestor")


def check_paths(paths: Table) -> None:
    """Refuse a tree that is not in pre-order or too deep, and one in several threads."""
    offsets = paths["parent"] if paths.rows else ()
    threads = paths.get("thread")
    path = array("q")  # the row at each depth above and at the row before
    depth_of = array("q", [0]) * paths.rows
    for index, offset in enumerate(offsets):
        depth = 0
        if offset:
            parent = index - int(offset)
            depth = depth_of[parent] + 1 if 0 <= parent < index else 0
            if not 0 < depth <= len(path) or path[depth - 1] != parent:
                raise WireError(f"paths.parent, row {index}: the rows are not in pre-order")
            if depth >= layout.MAX_DEPTH:
                raise WireError(f"paths are deeper than {layout.MAX_DEPTH} rows")
            if threads is not None and threads[index] != threads[parent]:
                raise WireError(f"paths.thread, row {index}: it is not the thread of its parent")
        depth_of[index] = depth
        del path[depth:]
        path.append(index)
