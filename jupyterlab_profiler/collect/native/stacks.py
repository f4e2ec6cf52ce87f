"""Stacks as py-spy writes them raw: ``thread (TID): NAME;FRAME;FRAME COUNT`` a line, root first.

A frame is ``name (path:line)``, or ``name (object)`` where there is no line. Nothing in it is
escaped: names of threads and paths may hold semicolons, brackets and line feeds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ...formats.frames import located
from ...formats.textlines import lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import CodeType

_THREAD = re.compile(r"thread \((0x[\da-fA-F]{1,16}|\d{1,18})\)(?:: (.*))?", re.ASCII | re.DOTALL)
_COUNT = re.compile(r"\d{1,15}", re.ASCII)
_ADDRESS = re.compile(r"0x[\da-f]{1,16}", re.ASCII)
_BEGIN = re.compile(r"thread \((?:0x[\da-fA-F]|\d)", re.ASCII)
_END = re.compile(r"\) \d{1,15}\Z", re.ASCII)
#: How a frame ends that has a line: no path has that in it.
_LINE = re.compile(r":\d{1,10}\)\Z", re.ASCII)
#: A frame at an absolute path, whatever brackets are in that.
_ABSOLUTE = re.compile(r"(.+?) \((/.*?)(?::(\d{1,9}))?\)", re.ASCII | re.DOTALL)
#: How the place of a frame begins where it is absolute, or no path: `<string>`, `[vdso]`, `?`.
_PLACE = re.compile(r" \([/<\[?]")
#: Lines of a text that may be one line of the sampler, as a name holds line feeds.
_MOST_JOINED = 100


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
    for line in _whole_lines(data):
        stack, blank, count = line.rpartition(" ")
        head, *texts = stack.split(";")
        thread = _THREAD.fullmatch(head)
        if not blank or not _COUNT.fullmatch(count) or thread is None:
            found.damaged += 1
            continue
        begin = next((at for at, text in enumerate(texts) if _is_frame(text)), len(texts))
        name = ";".join([thread[2] or "", *texts[:begin]])
        numbers = []
        for text in _whole_frames(texts[begin:]):
            number = frames.setdefault(text, len(frames))
            if number == len(found.frames):
                found.frames.append(_frame(text))
            numbers.append(number)
        found.stacks.append(RawStack(int(thread[1], 0), name, tuple(numbers), int(count)))
    return found


def _whole_lines(data: bytes) -> Iterator[str]:
    """Lines of the sampler: those that a name breaks are put together again."""
    left: list[str] = []
    for line in lines_of(data):
        begins = _BEGIN.match(line.text) is not None
        if left and (begins or len(left) == _MOST_JOINED or _is_whole("\n".join(left))):
            yield "\n".join(left)
            left = []
        if begins or left:
            left.append(line.text)
        elif line.text:
            yield line.text
    if left:
        yield "\n".join(left).rstrip("\n")


def _is_whole(line: str) -> bool:
    return _END.search(line) is not None and any(map(_is_frame, line.split(";")))


def _is_frame(text: str) -> bool:
    """Whether a frame begins here, and no part of a thread's name or of a path."""
    return _PLACE.search(text) is not None or (" (" in text and _LINE.search(text) is not None)


def _whole_frames(texts: Sequence[str]) -> list[str]:
    """Frames: those that a path breaks at its semicolons are put together again."""
    found: list[str] = []
    # How many brackets of the last frame are open.
    depth = 0
    for text in texts:
        opened, lowest = _brackets(text)
        if found and not _is_border(found[-1], depth, text, lowest):
            found[-1] += f";{text}"
            depth += opened
        else:
            found.append(text)
            depth = opened
    return found


def _is_border(before: str, depth: int, text: str, lowest: int) -> bool:
    """Whether one frame ends and another one begins.

    What closes brackets that it has not opened is the end of a path. What has no brackets is the
    beginning of a name: those of Rust hold semicolons, as ``<[u8; 4] as Debug>::fmt``.
    """
    if not before.endswith(")"):
        return False
    if _LINE.search(before) or _PLACE.search(text):
        return True
    return lowest == 0 and (_is_frame(text) or (depth == 0 and "(" not in text))


def _brackets(text: str) -> tuple[int, int]:
    """How many more brackets are opened than closed: in all, and at least anywhere."""
    depth = lowest = 0
    if "(" in text or ")" in text:
        for char in text:
            depth += (char == "(") - (char == ")")
            lowest = min(lowest, depth)
    return depth, lowest


def _frame(text: str) -> RawFrame:
    if absolute := _ABSOLUTE.fullmatch(text):
        return RawFrame(absolute[1], absolute[2], int(absolute[3] or 0))
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
