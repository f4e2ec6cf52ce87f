"""Stacks as py-spy writes them raw: ``thread (TID): NAME;FRAME;FRAME COUNT`` a line, root first.

A frame is ``name (path:line)``, or ``name (object)`` where there is no line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ...formats.frames import located
from ...formats.textlines import lines_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType

_THREAD = re.compile(r"thread \((0x[\da-fA-F]{1,16}|\d{1,18})\)(?:: (.*))?", re.ASCII | re.DOTALL)
_COUNT = re.compile(r"\d{1,15}", re.ASCII)
_ADDRESS = re.compile(r"0x[\da-f]{1,16}", re.ASCII)


class RawFrame(NamedTuple):
    """A function at a line: ``path`` is its file, or its object where ``line`` is 0."""

    name: str
    path: str
    line: int

    @property
    def address(self) -> int:
        """Where it runs, of a frame without a name; 0 of others."""
        return int(self.name, 16) if _ADDRESS.fullmatch(self.name) else 0


@dataclass(frozen=True)
class RawStack:
    """How often a thread was seen so; ``frames`` are indices, root first."""

    tid: int
    thread: str
    frames: tuple[int, ...]
    count: int


@dataclass
class RawStacks:
    """What a sampler has seen. ``damaged`` counts lines that are none of its."""

    frames: list[RawFrame] = field(default_factory=list)
    stacks: list[RawStack] = field(default_factory=list)
    damaged: int = 0

    def rounds(self, tid: int) -> int:
        """How often this thread was seen."""
        return sum(stack.count for stack in self.stacks if stack.tid == tid)


def read_raw(data: bytes) -> RawStacks:
    """The stacks in what a sampler wrote; what was cut short is counted, not refused.

    Raises :class:`~jupyterlab_profiler.formats.badfile.BadFileError` for a line without an end.
    """
    found = RawStacks()
    frames: dict[str, int] = {}
    for line in lines_of(data):
        if not line.text:
            continue
        stack, blank, count = line.text.rpartition(" ")
        texts = stack.split(";")
        thread = _THREAD.fullmatch(texts[0])
        if not blank or not _COUNT.fullmatch(count) or thread is None:
            found.damaged += 1
            continue
        name, begin = thread[2] or "", 1
        # A thread's name may hold semicolons; each frame ends with a bracket.
        while begin < len(texts) and not texts[begin].endswith(")"):
            name, begin = f"{name};{texts[begin]}", begin + 1
        numbers = []
        for text in texts[begin:]:
            number = frames.setdefault(text, len(frames))
            if number == len(found.frames):
                found.frames.append(_frame(text))
            numbers.append(number)
        found.stacks.append(RawStack(int(thread[1], 0), name, tuple(numbers), int(count)))
    return found


def _frame(text: str) -> RawFrame:
    place = located(text)
    if place is None:
        name, blank, inside = text.partition(" (")
        # Of an executable, whose name has no ending that tells.
        return (
            RawFrame(name, inside[:-1], 0)
            if blank and text.endswith(")")
            else RawFrame(text, "", 0)
        )
    return RawFrame(*place)


@dataclass(frozen=True)
class Place:
    """Which code is asked about: ``module`` is its file, run as ``<module>`` in thread ``tid``.

    ``codes`` are its code objects as far as they are known, ``display`` what displays its values.
    """

    module: str
    tid: int
    codes: tuple[CodeType, ...] = ()
    display: CodeType | None = None


#: Stands for all frames that display a value.
DISPLAYING = RawFrame("(displaying)", "", 0)


@dataclass
class CutStacks:
    """Stacks told apart; frames above the code are removed from the first two."""

    #: Of the code itself.
    own: list[RawStack] = field(default_factory=list)
    #: Of functions of its file that something else called in its thread: tasks that it started.
    tasks: list[RawStack] = field(default_factory=list)
    #: Of its thread while something else ran.
    outside: int = 0
    #: Of other threads.
    others: list[RawStack] = field(default_factory=list)


def cut(raw: RawStacks, place: Place, *, whole: bool = False) -> CutStacks:
    """Find the stacks of the code, and remove what called it.

    With ``whole``, stacks of its thread without it are its own, too.
    """
    found = CutStacks()
    is_of_file = [frame.path == place.module for frame in raw.frames]
    is_code = [
        of and frame.name == "<module>" for of, frame in zip(is_of_file, raw.frames, strict=True)
    ]
    displays = {
        number
        for number, frame in enumerate(raw.frames)
        if place.display is not None
        and frame.path == place.display.co_filename
        and frame.name in (place.display.co_name, place.display.co_qualname)
    }
    displaying = len(raw.frames)
    raw.frames.append(DISPLAYING)

    def displayed(frames: tuple[int, ...]) -> tuple[int, ...]:
        at = next((at for at, frame in enumerate(frames) if frame in displays), None)
        return frames if at is None else (*frames[:at], displaying)

    for stack in raw.stacks:
        if stack.tid != place.tid:
            found.others.append(stack)
            continue
        for sort, wanted in ((found.own, is_code), (found.tasks, is_of_file)):
            first = _first(stack.frames, wanted)
            if first is not None:
                frames = displayed(stack.frames[first:])
                sort.append(RawStack(stack.tid, stack.thread, frames, stack.count))
                break
        else:
            if whole and stack.frames:
                found.own.append(stack)
            else:
                found.outside += stack.count
    return found


def _first(frames: Sequence[int], wanted: Sequence[bool]) -> int | None:
    return next((at for at, frame in enumerate(frames) if wanted[frame]), None)
