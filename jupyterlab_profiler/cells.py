"""Which cell a file name stands for. IPython names the code of each cell like a file."""

from __future__ import annotations

import re
import sys
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from .collect.collector import hide
from .collect.files import NO_CELLS
from .model import File

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from .collect.files import Cells

#: Cells remembered, the latest ones.
_KEPT = 2000


class CellNames:
    """Remembers, as cells run, the front end's id of each and what was typed into it."""

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell
        self._seen: OrderedDict[str, tuple[str, str]] = OrderedDict()

    def note(self, info: Any) -> None:
        """The event ``pre_run_cell``: note the cell that is about to run."""
        stored = info.store_history
        count = running_number(self._shell) if stored else self._shell.execution_count
        transformed = getattr(info, "transformed_cell", None) or info.raw_cell
        name = self._shell.compile.get_code_name(info.raw_cell, transformed, count)
        self._seen[name] = (getattr(info, "cell_id", None) or "", _from_first_line(info.raw_cell))
        self._seen.move_to_end(name)
        while len(self._seen) > _KEPT:
            self._seen.popitem(last=False)

    def find(self, name: str) -> File | None:
        """The cell that has this file name, or None."""
        described = self._shell.compile.format_code_name(name)
        if described is None:
            return None
        number = re.search(r"\d+", described[1])
        execution = int(number[0]) if number else 0
        label = f"Cell [{execution}]" if execution else "Cell"
        return File(
            name, label, "cell", cell=self._seen.get(name, ("", ""))[0], execution=execution
        )

    def source(self, name: str) -> str | None:
        """What was typed into the cell, from its first line of code on."""
        return self._seen.get(name, ("", ""))[1] or None


def this_shell() -> InteractiveShell | None:
    """The IPython shell that runs here, if there is one. Does not import IPython."""
    core = sys.modules.get("IPython.core.getipython")
    shell: InteractiveShell | None = core.get_ipython() if core is not None else None
    return shell


def cells_of_this_kernel() -> Cells:
    """The cells that the extension has noted, or those that IPython knows, or none."""
    shell = this_shell()
    if shell is None:
        return NO_CELLS
    for method in shell.events.callbacks["pre_run_cell"]:
        noted = getattr(method, "__self__", None)
        if isinstance(noted, CellNames):
            return noted
    return CellNames(shell)


def running_cell(shell: InteractiveShell | None) -> str | None:
    """The front end's id of the cell whose code runs now, or None where it does not send ids.

    JupyterLab sends it with each execute request; a kernel keeps the request that it works on.
    """
    get_parent = getattr(shell, "get_parent", None)
    try:
        cell = get_parent()["metadata"]["cellId"] if get_parent is not None else None
    except (KeyError, LookupError, TypeError):
        return None
    return cell if isinstance(cell, str) else None


def running_number(shell: InteractiveShell) -> int:
    """The number of the cell whose code runs now.

    ``execution_count`` is that of the next cell by then, since IPython 9.8. The displayhook knows
    the ``n`` of ``Out[n]``.
    """
    number: int = shell.displayhook.prompt_count
    return number


def _from_first_line(text: str) -> str:
    """IPython drops empty lines at a cell's top: line 1 is the first that holds something."""
    lines = text.splitlines(keepends=True)
    first = next((place for place, line in enumerate(lines) if line.strip()), 0)
    return "".join(lines[first:])


hide(CellNames.note, _from_first_line, running_cell, running_number, this_shell)
