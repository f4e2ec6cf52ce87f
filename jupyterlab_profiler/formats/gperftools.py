"""CPU profiles of gperftools: machine words of either size and order, and a map of the memory.

Functions have no names there: each address is called by its object and its place in it, which is
that in the file. ``src/formats/gperftools.ts`` and ``memoryMap.ts`` have the same rules.
"""

from __future__ import annotations

import re
import struct
from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ..model import SAMPLES, TIME
from ..wire.layout import MAX_DEPTH
from .badfile import BadFileError
from .contents import label_of, naming
from .frames import Parts
from .stacks import NONE, Frame, Stacks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..model import Profile
    from .contents import Contents

#: Words that may follow the first two of a header.
_MOST_HEADER = 64
_MAPPED = re.compile(
    r"([\da-f]{1,16})-([\da-f]{1,16}) [-rwxsp]{4} ([\da-f]{1,16}) \S{1,20} \d{1,20}\s{1,80}"
    r"(\S.{0,4095})",
    re.ASCII,
)
#: Numbers up to there are the same in the browser.
_MOST = 2**53


class _Layout(NamedTuple):
    """How words are packed; the period in microseconds; the byte behind the header."""

    word: struct.Struct
    pair: struct.Struct
    period: int
    begin: int


class _Mapped(NamedTuple):
    """A part of the memory that a file lies in, and where that begins in the file."""

    start: int
    end: int
    offset: int
    path: str


def sniff(file: Contents) -> bool:
    """Whether a file begins as such a profile."""
    return _layout(file.data) is not None


def read(files: Sequence[Contents]) -> Profile:
    """The profile in files, added stack by stack."""
    stacks = Stacks("gperftools")
    stacks.metric(SAMPLES)
    for file in files:
        with naming(file.path):
            _read(file.data, stacks)
    return stacks.profile(label_of(files))


def _layout(data: bytes) -> _Layout | None:
    """Size and order of the words by which the header makes sense."""
    for code in "QI":
        for order in "<>":
            word = struct.Struct(order + code)
            if len(data) < 5 * word.size:
                continue
            zero, count, version, period = struct.unpack_from(f"{order}4{code}", data)
            begin = (count + 2) * word.size
            if zero or version or not 3 <= count <= _MOST_HEADER or begin > len(data):
                continue
            if 0 < period < 2**32:
                return _Layout(word, struct.Struct(f"{order}2{code}"), period, begin)
    return None


def _read(data: bytes, stacks: Stacks) -> None:
    layout = _layout(data)
    if layout is None:
        raise BadFileError(0, "the header of a CPU profile of gperftools was expected, found none")
    time = stacks.metric(replace(TIME, tick=layout.period * 1000))
    records, end, is_ended = _records(data, layout)
    frame_of = _framing(stacks, _memory_map(data[end:]) if is_ended else [])
    if not is_ended:
        stacks.warn(
            "incomplete",
            f"The file has no end record and no memory map: it was cut at byte {end}. Addresses "
            "are those of the process.",
        )
    elif not data[end:].strip():
        text = "The file has no memory map: addresses are those of the process."
        stacks.warn("incomplete", text)
    empty = 0
    size = layout.word.size
    order = layout.word.format[:1]
    code = layout.word.format[1:]
    for at, count, depth in records:
        if not depth:
            empty += count
            continue
        addresses = struct.unpack_from(f"{order}{depth}{code}", data, at + 2 * size)
        node = NONE
        for address in reversed(addresses):  # the leaf comes first
            node = stacks.frames.child(node, frame_of(address))
        stacks.frames.add(node, SAMPLES.id, count)
        ticks = count * layout.period * 1000
        stacks.frames.add(node, TIME.id, count if time.tick * count == ticks else ticks / time.tick)
    if empty:
        text = f"{empty} samples have no stack. They are not in the profile."
        stacks.warn("empty-stacks", text)


def _records(data: bytes, layout: _Layout) -> tuple[list[tuple[int, int, int]], int, bool]:
    """Byte, samples and depth of each record; the byte behind them; whether there is an end."""
    found: list[tuple[int, int, int]] = []
    at, size = layout.begin, layout.word.size
    while at + 2 * size <= len(data):
        count, depth = layout.pair.unpack_from(data, at)
        if depth > MAX_DEPTH:
            told = f"a stack of at most {MAX_DEPTH} frames was expected, not of {depth}"
            raise BadFileError(at, told)
        behind = at + (2 + depth) * size
        if behind > len(data):
            break
        if (count, depth) == (0, 1) and not any(data[at + 2 * size : behind]):
            return found, behind, True
        if count >= _MOST:
            raise BadFileError(at, f"a number of samples was expected, not {count}")
        found.append((at, count, depth))
        at = behind
    return found, at, False


def _memory_map(data: bytes) -> list[_Mapped]:
    """The files in the text of ``/proc/PID/maps``, by their start."""
    found = []
    for line in data.decode("utf-8", "replace").split("\n"):
        parts = _MAPPED.fullmatch(line[:5000].rstrip())
        if parts:
            start, end, offset = (int(parts[group], 16) for group in (1, 2, 3))
            found.append(_Mapped(start, end, offset, parts[4].removesuffix(" (deleted)")))
    return sorted(found)


def _framing(stacks: Stacks, mapped: Sequence[_Mapped]) -> Callable[[int], int]:
    """A function that gives the number of the frame at an address."""
    starts = [part.start for part in mapped]
    known: dict[int, int] = {}

    def frame(address: int) -> int:
        if address not in known:
            number = bisect_right(starts, address) - 1
            part = mapped[number] if number >= 0 and address < mapped[number].end else None
            place = address if part is None else address - part.start + part.offset
            path = "" if part is None else part.path
            base = path.rpartition("/")[2]
            name = f"{base}+{place:#x}" if base else f"{place:#x}"
            function = stacks.function(Parts(name, kind="native", object=path))
            known[address] = stacks.frame(Frame(function, address=place if place < _MOST else 0))
        return known[address]

    return frame
