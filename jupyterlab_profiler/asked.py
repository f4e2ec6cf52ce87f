"""Cells that a front end asked to profile, by its ids of them, the next time each one runs."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from .collect.collector import hide

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .options import Options


class AskedCells:
    """Which cells of one shell are asked for, and which of them begins to run in which thread.

    Between the event ``pre_run_cell``, which knows a cell's id, and the run of the cell's code,
    other extensions may run code of their own. So what begins is kept by thread and told by its
    ``ExecutionInfo``, which IPython makes for each run and hands to both.
    """

    def __init__(self) -> None:
        self._ids: dict[str, Options] = {}
        self._begun: dict[int, tuple[Any, Options]] = {}

    def add(self, ids: Iterable[str], options: Options) -> None:
        """Ask for the next run of each of these cells, to be profiled so."""
        self._ids.update(dict.fromkeys(ids, options))

    def drop(self, ids: Iterable[str]) -> int:
        """Ask no longer for these cells. Returns how many of them had not run."""
        left = self._ids.keys() & set(ids)
        for cell_id in left:
            del self._ids[cell_id]
        return len(left)

    def begin(self, info: Any) -> None:
        """The event ``pre_run_cell``: the run of a cell that is asked for uses that up."""
        cell_id = getattr(info, "cell_id", None)
        if isinstance(cell_id, str) and cell_id in self._ids:
            self._begun[threading.get_ident()] = info, self._ids.pop(cell_id)

    def end(self, result: Any) -> None:
        """The event ``post_run_cell``: what did not come to run its code, will not.

        IPython sends it alone for a blank cell. There is no result of a cell that was interrupted.
        """
        thread, info = threading.get_ident(), getattr(result, "info", None)
        cell_id, begun = getattr(info, "cell_id", None), self._begun.get(thread)
        if isinstance(cell_id, str):
            self._ids.pop(cell_id, None)
        if begun is not None and (info is None or begun[0].cell_id == cell_id):
            del self._begun[thread]

    def begun(self) -> Options | None:
        """How the cell that begins to run in this thread is to be profiled; None if it is not."""
        begun = self._begun.get(threading.get_ident())
        return begun[1] if begun is not None else None

    def take(self, result: Any) -> bool:
        """Whether the run of this result is one that is asked for; it is no longer, then."""
        thread, info = threading.get_ident(), getattr(result, "info", None)
        begun = self._begun.get(thread)
        if info is None or begun is None or begun[0] is not info:
            return False
        del self._begun[thread]
        return True


hide(AskedCells.begin, AskedCells.end, AskedCells.begun, AskedCells.take)
