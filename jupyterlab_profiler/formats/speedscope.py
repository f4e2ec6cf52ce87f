"""speedscope's JSON: sampled and evented profiles, each a thread.

``src/formats/speedscope.ts`` has the same rules. A line of a frame is where a function begins for
some tools and where it was for others, and the format does not tell which: it is taken for the
latter where the exporter is known for it, or where some function of a sampled profile has several
lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..model import CALLS, SAMPLES, TIME, Engine, Metric, Thread
from .badfile import BadFileError, shown
from .contents import label_of, naming
from .frames import function_at
from .nativekinds import with_native_kinds
from .stacks import NONE, Frame, Stacks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..model import Profile
    from .contents import Contents

#: Name of the format's schema.
SCHEMA = "https://www.speedscope.app/file-format-schema.json"
BYTES = Metric("bytes", "Bytes", "bytes")
_WEIGHT = Metric("weight", "Weight", "count")
_NANOSECONDS = {"nanoseconds": 1, "microseconds": 1e3, "milliseconds": 1e6, "seconds": 1e9}
#: Exporters whose lines are those that a frame was at; and those at which a function begins.
_RUNNING_LINES = re.compile(r"(?:py-spy|austin)", re.IGNORECASE)
_FIRST_LINES = re.compile(r"(?:jupyterlab-profiler|pyinstrument)", re.IGNORECASE)
#: py-spy's names, which are written here as well.
_THREAD = re.compile(
    r'(?:Process (\d{1,10}) )?Thread (0x[\da-fA-F]{1,13}|\d{1,15})(?: "(.*)")?',
    re.ASCII | re.DOTALL,
)
_MOST = 2.0**200


def sniff(file: Contents) -> bool:
    """Whether this is speedscope's, with or without the name of its schema."""
    value = file.value
    return isinstance(value, dict) and (
        value.get("$schema") == SCHEMA
        or (isinstance(value.get("shared"), dict) and isinstance(value.get("profiles"), list))
    )


def read(files: Sequence[Contents]) -> Profile:
    """The profile in files, their stacks added."""
    stacks = Stacks("")
    reader = _Reader(stacks)
    exporters = []
    for file in files:
        with naming(file.path):
            exporters.append(reader.read(file))
    if reader.has_calls(files):
        stacks.metric(CALLS)
    reader.say_what_was_lost()
    if len(set(exporters)) == 1:
        tool, _, version = exporters[0].partition("@")
        stacks.engine = Engine(tool, version)
    return with_native_kinds(stacks.profile(label_of(files)))


@dataclass(frozen=True, slots=True)
class _Part:
    """A profile of a file before its stacks are read."""

    value: dict[str, Any]
    where: str
    is_sampled: bool
    unit: str
    thread: int


class _Reader:
    def __init__(self, stacks: Stacks) -> None:
        self._stacks = stacks
        self._empty = self._unclosed = self._unopened = 0
        self._has_calls = False

    def has_calls(self, files: Sequence[Contents]) -> bool:
        """Whether all profiles of all files are evented: then each opening is a call."""
        parts = [part for file in files for part in _list(file.value.get("profiles"), "profiles")]
        return bool(parts) and all(part.get("type") == "evented" for part in parts)

    def read(self, file: Contents) -> str:
        """Read a file's stacks. Returns its exporter."""
        value = file.value
        exporter = _text(value.get("exporter") or "", "exporter")
        counts: dict[str, int] = {}
        parts = [
            self._part(part, f"profiles[{index}]", counts)
            for index, part in enumerate(_list(value.get("profiles"), "profiles"))
        ]
        is_sampled = any(part.is_sampled for part in parts)
        shared = _object(value.get("shared"), "shared")
        frames = self._frames(_list(shared.get("frames"), "shared.frames"), exporter, is_sampled)
        for part in parts:
            self._stacks_of(part, frames)
        return exporter

    def _part(self, value: object, where: str, counts: dict[str, int]) -> _Part:
        part = _object(value, where)
        if part.get("type") not in ("sampled", "evented"):
            raise _bad(f"{where}.type", '"sampled" or "evented"', part.get("type"))
        unit = _text(part.get("unit", "none"), f"{where}.unit")
        if unit not in ("none", "bytes", *_NANOSECONDS):
            raise _bad(f"{where}.unit", "none, bytes or a unit of time", unit)
        name = _text(part.get("name", ""), f"{where}.name")
        # A further thread, also for a name that was there.
        counts[name] = counts.get(name, 0) + 1
        thread = _thread_of(name)
        if counts[name] > 1:
            thread = replace(thread, name=f"{thread.name} ({counts[name]})")
        is_sampled = part["type"] == "sampled"
        return _Part(part, where, is_sampled, unit, self._stacks.thread(thread))

    def _frames(self, items: list[Any], exporter: str, is_sampled: bool) -> list[int]:
        """For each frame of the file its number in the stacks."""
        found = []
        for index, item in enumerate(items):
            where = f"shared.frames[{index}]"
            frame = _object(item, where)
            line = frame.get("line") or 0
            found.append(
                (
                    _text(frame.get("name"), f"{where}.name"),
                    _text(frame.get("file") or "", f"{where}.file"),
                    line if type(line) is int and 0 < line < 2**31 else 0,
                )
            )
        at_lines = _RUNNING_LINES.match(exporter) is not None or (
            is_sampled and not _FIRST_LINES.match(exporter) and _have_several_lines(found)
        )
        return [self._frame(*frame, at_lines) for frame in found]

    def _frame(self, name: str, path: str, line: int, at_lines: bool) -> int:
        parts = function_at(name, path)
        if at_lines and path and line:
            return self._stacks.frame(Frame(self._stacks.function(parts), line, path))
        return self._stacks.frame(Frame(self._stacks.function(replace(parts, line=line))))

    def _stacks_of(self, part: _Part, frames: list[int]) -> None:
        factor = _NANOSECONDS.get(part.unit, 1)
        metric = _metric_of(part)
        self._stacks.metric(metric)
        if metric is TIME:
            begin = _finite(part.value.get("startValue", 0), f"{part.where}.startValue")
            end = _finite(part.value.get("endValue", 0), f"{part.where}.endValue")
            wall = round(scaled(end, factor) - scaled(begin, factor))
            self._stacks.wall = max(self._stacks.wall or 0, wall)
        if part.is_sampled:
            self._sampled(part, frames, metric.id, factor)
        else:
            self._evented(part, frames, metric.id, factor)

    def _sampled(self, part: _Part, frames: list[int], metric: str, factor: float) -> None:
        samples = _list(part.value.get("samples"), f"{part.where}.samples")
        weights = _list(part.value.get("weights"), f"{part.where}.weights")
        if len(samples) != len(weights):
            raise _bad(f"{part.where}.weights", f"a list of {len(samples)}", len(weights))
        tree = self._stacks.frames
        for index, (sample, weight) in enumerate(zip(samples, weights, strict=True)):
            where = f"{part.where}.samples[{index}]"
            value = _finite(weight, f"{part.where}.weights[{index}]")
            node = NONE
            for number in _list(sample, where):
                node = tree.child(node, frames[_index(number, len(frames), where)], part.thread)
            if node == NONE:
                self._empty += 1
            else:
                tree.add(node, metric, scaled(value, factor))

    def _evented(self, part: _Part, frames: list[int], metric: str, factor: float) -> None:
        tree = self._stacks.frames
        opened: list[int] = []
        open_of: dict[int, int] = {}
        node = NONE
        last = scaled(_finite(part.value.get("startValue", 0), part.where), factor)
        events = _list(part.value.get("events"), f"{part.where}.events")
        for index, item in enumerate(events):
            where = f"{part.where}.events[{index}]"
            event = _object(item, where)
            at = scaled(_finite(event.get("at"), f"{where}.at"), factor)
            frame = _index(event.get("frame"), len(frames), f"{where}.frame")
            if at < last and index:
                raise _bad(f"{where}.at", "a time not before the last", event["at"])
            if node != NONE:
                tree.add(node, metric, at - last)
            last = at
            if event.get("type") == "O":
                node = tree.child(node, frames[frame], part.thread)
                tree.add(node, CALLS.id, 1)
                opened.append(frame)
                open_of[frame] = open_of.get(frame, 0) + 1
            elif event.get("type") != "C":
                raise _bad(f"{where}.type", '"O" or "C"', event.get("type"))
            elif not open_of.get(frame):
                self._unopened += 1
            else:
                while True:
                    closed = opened.pop()
                    open_of[closed] -= 1
                    node = tree.parents[node]
                    if closed == frame:
                        break
                    self._unclosed += 1
        if opened:
            end = scaled(_finite(part.value.get("endValue", 0), part.where), factor)
            tree.add(node, metric, max(end, last) - last)
            self._unclosed += len(opened)

    def say_what_was_lost(self) -> None:
        """Warn of what is in no stack."""
        if self._empty:
            self._stacks.warn(
                "empty-stacks", f"{self._empty} samples have no stack. They are not in the profile."
            )
        if self._unclosed or self._unopened:
            self._stacks.warn(
                "unbalanced",
                f"{self._unclosed} frames are never closed and end with the one around them; "
                f"{self._unopened} are closed without having been opened, which is ignored.",
            )


def _have_several_lines(frames: Sequence[tuple[str, str, int]]) -> bool:
    """Whether a function has several lines; those without a name may be several functions."""
    lines: dict[tuple[str, str], int] = {}
    return any(
        lines.setdefault((name, path), line) != line
        for name, path, line in frames
        if line and path and not re.search(r"^\W|^anonymous|\W\Z", name, re.ASCII)
    )


def _thread_of(name: str) -> Thread:
    found = _THREAD.fullmatch(name)
    if found is None:
        return Thread(name)
    tid = int(found[2], 16) if found[2].startswith("0x") else int(found[2])
    return Thread(name if found[3] is None else found[3], pid=int(found[1] or 0), tid=tid)


def _metric_of(part: _Part) -> Metric:
    if part.unit in _NANOSECONDS:
        return TIME
    if part.unit == "bytes":
        return BYTES
    return SAMPLES if part.is_sampled else _WEIGHT


def scaled(value: float, factor: float) -> float:
    """A number times a whole factor; what is not whole only for want of binary digits is whole.

    >>> scaled(0.0011, 1e9), scaled(0.25, 2)
    (1100000, 0.5)
    """
    if isinstance(value, int):
        return value * int(factor)
    product = value * factor
    whole = round(product)
    return whole if abs(product - whole) <= abs(product) * 2**-51 else product


def _bad(where: str, expected: str, found: object) -> BadFileError:
    return BadFileError(0, f"{where}: {expected} was expected, not {shown(found)}")


def _list(value: object, where: str) -> list[Any]:
    if isinstance(value, list):
        return value
    raise _bad(where, "a list", value)


def _object(value: object, where: str) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    raise _bad(where, "an object", value)


def _text(value: object, where: str) -> str:
    if isinstance(value, str):
        # No file can hold half a pair of UTF-16.
        return value if value.isascii() else re.sub("[\ud800-\udfff]", "\ufffd", value)
    raise _bad(where, "a text", value)


def _finite(value: object, where: str) -> float:
    # The comparison refuses what is no number, too.
    if isinstance(value, int | float) and type(value) is not bool and abs(value) < _MOST:
        return value
    raise _bad(where, "a finite number", value)


def _index(value: object, length: int, where: str) -> int:
    if type(value) is int and 0 <= value < length:
        return value
    raise _bad(where, f"an index below {length}", value)
