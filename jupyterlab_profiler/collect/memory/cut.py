"""Which stacks are the cell's, and what of them: from its frame on, without ours and allocators."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from types import CodeType
from typing import TYPE_CHECKING, Literal

from ..collector import own_codes
from .allocators import is_allocator
from .tracker import WATCHER

if TYPE_CHECKING:
    from collections.abc import Collection

    from ..files import Cells
    from .reading import Element, Reading, Sums

#: Files of this package.
_OWN = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(__file__))), "")
#: Where Python threads begin.
_BOOTSTRAP = ("_bootstrap", "Thread._bootstrap")
#: Functions that any thread may be in.
_OF_ANY_THREAD = ("<unknown>", "clone", "clone3", "__clone", "__clone3", "start_thread")
#: The compiled function that runs Python's, and its parts.
_INTERPRETER = "_PyEval_EvalFrame"
#: What the interpreter allocates only because somebody watches its calls.
_WATCHING = (
    "_PyCode_CreateLineArray",
    "_PyCode_InitLineArray",
    "_Py_Instrument",
    "force_instrument_lock_held",
    "allocate_instrumentation_data",
    "update_instrumentation_data",
    "sys_trace_func2",
    "PyEval_SetProfile",
    "PyEval_SetProfileAllThreads",
)


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """A frame of a stack. ``kind``: python, native or displaying. Equal ones are one object."""

    kind: str
    name: str
    path: str
    line: int


@dataclass
class Stack:
    """A stack of the cell's, the outermost frame first, and what it had allocated.

    ``thread``: -1 the cell's own, -2 tasks that it started, else memray's number of another one.
    """

    thread: int
    thread_name: str
    calls: list[Call]
    sums: Sums
    #: Which frames it has.
    frames: Literal["all", "python", "none"] = "all"


@dataclass
class Cut:
    """The cell's stacks, and the sums of those that are not: by whose they are."""

    stacks: list[Stack] = field(default_factory=list)
    others: list[Sums] = field(default_factory=list)
    tracing: list[Sums] = field(default_factory=list)


#: How many times as many stacks have frames of Python as have those of compiled code.
PYTHON_TIMES = 5

CELL, TASKS, OURS = -1, -2, -3


def _tells(name: str) -> bool:
    """Whether a function's name tells what a thread is for."""
    if name.startswith(("zmq", "std::")) and not name.startswith("std::thread"):
        return False
    return name not in _OF_ANY_THREAD and not is_allocator(name)


class Cutter:
    """Cuts the stacks of one recording.

    ``module`` is the file name of the cell, ``outside`` those of cells that it runs within.
    """

    def __init__(
        self,
        cells: Cells,
        module: str | None,
        outside: Collection[str],
        displayhook: CodeType | None,
        native: bool,
    ) -> None:
        self._cells = cells
        self._module = module
        self._outside = outside
        self._displayhook = displayhook
        self._native = native
        self._is_cell: dict[str, bool] = {}
        self._hidden = {
            (code.co_filename, code.co_name) for code in own_codes() if isinstance(code, CodeType)
        }
        self._of_compiled_code: set[int] = set()
        #: By memray's numbers: what stacks of one number have in common is looked at once.
        self._pythons: dict[int, list[Element]] = {}
        self._owners: dict[tuple[int, int], tuple[int, int] | None] = {}
        self._calls_of: dict[tuple[str, Element], Call] = {}
        self._displaying = Call("displaying", "", "", 0)

    def cut(self, reading: Reading, limit: int) -> Cut:
        """The cell's stacks, the largest first.

        After the first ``limit`` they have frames of Python alone, and after five times as many
        none.
        """
        found = Cut()
        self._of_compiled_code = self._threads_of_compiled_code(reading)
        chosen: list[tuple[Sums, int, int]] = []
        for sums in reading.stacks:
            python = self._python(sums)
            key = sums.record.tid, sums.record.stack_id
            if key not in self._owners:
                owner = self._owner(python, sums, reading.main)
                if owner is not None and self._is_ours(python[: owner[1]]):
                    owner = OURS, 0
                self._owners[key] = owner
            owner = self._owners[key]
            if owner is None:
                found.others.append(sums)
            elif owner[0] == OURS:
                found.tracing.append(sums)
            else:
                chosen.append((sums, *owner))
        chosen.sort(key=lambda one: -max(one[0].peak_bytes, one[0].live_bytes, one[0].bytes))
        for place, (sums, thread, outermost) in enumerate(chosen):
            frames: Literal["all", "python", "none"] = "all"
            if place >= limit * PYTHON_TIMES:
                frames = "none"
            elif place >= limit and self._native:
                frames = "python"
            calls: list[Call] | None = []
            if frames != "none":
                calls = self._calls(sums, outermost, native=self._native and frames == "all")
            if calls is None:
                found.tracing.append(sums)
            else:
                name = sums.record.thread_name if thread >= 0 else ""
                found.stacks.append(Stack(thread, name, calls, sums, frames))
            sums.forget()
        return found

    def _python(self, sums: Sums) -> list[Element]:
        number = sums.record.stack_id
        known = self._pythons.get(number)
        if known is None:
            known = self._pythons[number] = sums.python_stack()
        return known

    def _call(self, kind: str, element: Element) -> Call:
        key = kind, element
        known = self._calls_of.get(key)
        if known is None:
            known = self._calls_of[key] = Call(kind, *element)
        return known

    def _owner(self, python: list[Element], sums: Sums, main: int) -> tuple[int, int] | None:
        """The thread of a stack and how many of its Python frames are the cell's; None: not its."""
        if sums.record.tid != main:
            name = sums.record.thread_name
            if name == WATCHER:
                return None
            if python:
                is_new = bool(name) or python[-1][0] not in _BOOTSTRAP
            else:
                is_new = bool(name) or sums.record.tid in self._of_compiled_code
            if is_new:
                return sums.record.tid, len(python)
            within = any(self._is_of_cell(path) for _, path, _ in python)
            return (sums.record.tid, len(python)) if within else None
        task = 0
        for place in range(len(python) - 1, -1, -1):
            name, path, _ = python[place]
            if path == self._module and name == "<module>":
                return CELL, place + 1
            if not task and self._is_of_cell(path):
                task = place + 1
        if not task or python[task - 1][1] in self._outside:
            return None
        return TASKS, task

    def _is_of_cell(self, path: str) -> bool:
        known = self._is_cell.get(path)
        if known is None:
            known = path == self._module or self._cells.find(path) is not None
            self._is_cell[path] = known
        return known

    def _is_ours(self, python: list[Element]) -> bool:
        """Whether functions of ours have allocated, and not what runs through us."""
        return any(
            path.startswith(_OWN)
            and (place == 0 or (path, name.rpartition(".")[2]) not in self._hidden)
            for place, (name, path, _) in enumerate(python)
        )

    def _threads_of_compiled_code(self, reading: Reading) -> set[int]:
        """Threads without frames of Python, of which at least one function is known by its name.

        The threads that ZeroMQ has for the kernel are without Python, too: no function of its
        library has a name. Nor has a thread frames of Python that was within one call of compiled
        code from the start on: that call is older than the cell.
        """
        if not self._native:
            return set()
        of_python = {sums.record.tid for sums in reading.stacks if self._python(sums)}
        named, interpreted = set(), set()
        for sums in reading.stacks:
            tid = sums.record.tid
            if tid not in of_python:
                names = [name for name, _, _ in sums.hybrid_stack()]
                if any(_tells(name) for name in names):
                    named.add(tid)
                if any(name.startswith(_INTERPRETER) for name in names):
                    interpreted.add(tid)
        return named - interpreted

    def _calls(self, sums: Sums, outermost: int, *, native: bool) -> list[Call] | None:
        """The frames, the outermost first; None where it is the interpreter that watches calls."""
        python = self._python(sums)[:outermost]
        mixed = sums.hybrid_stack() if native else python
        calls: list[Call] = []
        call_of = self._call
        place, following = 0, python[0] if python else None
        for element in mixed:
            if following is not None and element == following:
                place += 1
                following = python[place] if place < outermost else None
                if not element[1].startswith(_OWN):
                    calls.append(call_of("python", element))
                if following is None:
                    break
            elif element[0] in _WATCHING:
                return None
            elif calls or not is_allocator(element[0]):
                calls.append(call_of("native", element))
        # memray leaves out frames that it takes for those around the recording.
        calls += [
            call_of("python", element)
            for element in python[place:]
            if not element[1].startswith(_OWN)
        ]
        hook = self._displayhook
        if hook is not None:
            for at in range(len(calls) - 1, -1, -1):
                call = calls[at]
                if call.path == hook.co_filename and call.name in (
                    hook.co_name,
                    hook.co_qualname,
                ):
                    calls = [self._displaying, *calls[at + 1 :]]
                    break
        calls.reverse()
        return calls
