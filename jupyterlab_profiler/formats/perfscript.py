"""What ``perf script`` prints: samples with their stacks, leaf first, a blank line behind each.

Every event has a count of samples, and the sum of their periods where these are printed: time for
clocks. ``src/formats/perfScript.ts`` has the same rules.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ..model import SAMPLES, TIME, Metric, Thread
from .badfile import BadFileError
from .contents import label_of, naming
from .perflines import (
    Header,
    PerfFrame,
    frame_of,
    function_of,
    header_of,
    inlined_of,
    is_nameless,
)
from .stacks import Frame, Stacks
from .textlines import texts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..model import Profile
    from .contents import Contents

#: Events that count nanoseconds.
_CLOCKS = ("cpu-clock", "task-clock")
#: A place in a source file below a frame; and the same where there is no source.
_SOURCE = re.compile(r"\s{1,64}(\S.{0,4000}):(\d{1,9})( \(inlined\))?", re.ASCII)
_NO_SOURCE = re.compile(r"\s{1,64}\S{1,4000}\[[\da-f]{1,16}\]", re.ASCII)
_LOST = re.compile(r"\blost[: ]+(\d{1,15})", re.ASCII)
#: Bytes and lines that are looked at to tell the kind.
_HEAD = 65_536
_LOOKED_AT = 40
#: Lines, and frames as they are printed, that are remembered.
_KEPT = 200_000
#: Addresses above are not exact as numbers.
_MOST_ADDRESS = 2**53 - 1


def sniff(file: Contents) -> bool:
    """Whether the first line that is no remark begins a sample."""
    text = file.data[:_HEAD].decode("utf-8", "replace")
    lines = [line.removesuffix("\r") for line in text.split("\n")[:_LOOKED_AT]]
    at = next((at for at, line in enumerate(lines) if header_of(line) is not None), None)
    if at is None or not all(_is_remark(line) for line in lines[:at]):
        return False
    header = header_of(lines[at])
    following = lines[at + 1] if at + 1 < len(lines) else ""
    return header is not None and (
        frame_of(header.rest) is not None
        or frame_of(following) is not None
        or inlined_of(following) is not None
        or header_of(following) is not None
        or not following.strip()
    )


def read(files: Sequence[Contents]) -> Profile:
    """The profile in texts, their samples added."""
    stacks = Stacks("perf")
    reader = _Reader(stacks)
    for file in files:
        with naming(file.path):
            reader.read(file.data)
    reader.finish()
    return stacks.profile(label_of(files))


def _is_remark(line: str) -> bool:
    return not line.strip() or line.startswith("#")


class _Placed(NamedTuple):
    """A frame, and where it is in a source file, if that is printed."""

    frame: PerfFrame
    path: str = ""
    line: int = 0


class _Reader:
    def __init__(self, stacks: Stacks) -> None:
        self._stacks = stacks
        self._frames: list[_Placed] = []
        self._known: dict[tuple[_Placed, str], int] = {}
        self._lines: dict[str, _Placed] = {}
        self._numbers: dict[tuple[_Placed, str], int] = {}
        #: Of each event the ids of its samples and of its periods; "" as long as none was printed.
        self._metrics: dict[str, tuple[str, str]] = {}
        self._ids: set[str] = set()
        self._header: Header | None = None
        self._is_broken = False
        #: Whether the last frame has yet to say that it was inlined.
        self._is_open = False
        self._empty = self._broken = self._no_period = self._lost = self._skipped = 0
        self._first, self._last = float("inf"), float("-inf")

    def read(self, data: bytes) -> None:
        """Add the samples of a text."""
        count = 0
        for text in texts_of(data):
            count += self._read(text)
        count += self._end()
        if not count:
            raise BadFileError(
                0, "samples as perf script prints them were expected; there are none"
            )

    def _read(self, text: str) -> int:
        """Take a line. Returns how many samples it has ended."""
        if _is_remark(text):
            return self._end()
        if not text[0].isspace() or self._header is None:
            header = header_of(text)
            if header is not None:
                ended = self._end()
                self._begin(header)
                return ended
        if self._header is None:
            self._skipped += 1
            return 0
        placed = self._placed(text) if not self._is_open else None
        if placed is not None:
            self._frames.append(placed)
            return 0
        # With -F +srcline the source stands below its frame, and says there whether that was
        # inlined.
        source = _SOURCE.fullmatch(text)
        if source is not None and self._frames:
            self._frames[-1] = _Placed(self._frames[-1].frame, source[1], int(source[2]))
            self._is_open = self._is_open and source[3] is None
        elif self._frames and _NO_SOURCE.fullmatch(text):
            pass
        elif not self._is_open and (frame := inlined_of(text)) is not None:
            self._frames.append(_Placed(frame))
            self._is_open = True
        else:
            self._is_broken = True
        return 0

    def _placed(self, text: str) -> _Placed | None:
        """The frame of a line, None for another one. Most lines stand in many samples."""
        placed = self._lines.get(text)
        if placed is None:
            frame = frame_of(text)
            if frame is None:
                return None
            if len(self._lines) == _KEPT:
                self._lines.clear()
            placed = self._lines[text] = _Placed(frame)
        return placed

    def _begin(self, header: Header) -> None:
        if header.event.startswith("PERF_RECORD_"):
            if header.event.startswith("PERF_RECORD_LOST"):
                lost = _LOST.search(header.rest[:1000])
                self._lost += int(lost[1]) if lost else 1
            return
        self._header = header
        frame = frame_of(header.rest)
        if frame is not None:
            self._frames.append(_Placed(frame))

    def _end(self) -> int:
        header, frames = self._header, self._frames
        if header is None:
            return 0
        if self._is_broken or self._is_open:
            self._broken += 1
        elif not frames:
            self._empty += 1
        else:
            self._add(header, frames)
        self._header, self._frames = None, []
        self._is_broken = self._is_open = False
        return 1

    def _add(self, header: Header, frames: list[_Placed]) -> None:
        thread = self._stacks.thread(Thread(header.comm, pid=header.pid, tid=header.tid))
        numbers = []
        path = ""
        # The root comes last. An inlined frame lies where the one that it is part of does, which
        # stands behind it.
        for placed in reversed(frames):
            path = path if placed.frame.is_inlined else placed.frame.object
            key = placed, path
            number = self._numbers.get(key)
            if number is None:
                if len(self._numbers) == _KEPT:
                    self._numbers.clear()
                number = self._numbers[key] = self._frame(placed, path)
            numbers.append(number)
        tree = self._stacks.frames
        node = tree.stack(numbers, thread)
        samples, period = self._metrics_of(header)
        tree.add(node, samples, 1)
        if period and header.period is not None:
            tree.add(node, period, header.period)
        elif period:
            self._no_period += 1
        self._first, self._last = min(self._first, header.time), max(self._last, header.time)

    def _frame(self, placed: _Placed, path: str) -> int:
        frame = placed.frame
        address = frame.address if is_nameless(frame) else 0
        key = placed._replace(frame=frame._replace(address=address)), path
        number = self._known.get(key)
        if number is None:
            number = self._known[key] = self._stacks.frame(
                Frame(
                    self._stacks.function(function_of(frame, path)),
                    placed.line,
                    placed.path if placed.line else "",
                    address if address <= _MOST_ADDRESS else 0,
                    frame.is_inlined,
                )
            )
        return number

    def _metrics_of(self, header: Header) -> tuple[str, str]:
        event = header.event
        samples, period = self._metrics.get(event, ("", ""))
        if not samples:
            samples = self._free(SAMPLES.id if not self._metrics else f"{SAMPLES.id} {event}")
            self._stacks.metric(replace(SAMPLES, id=samples, label=f"Samples ({event})"))
        if not period and header.period is not None:
            is_clock = event in _CLOCKS
            period = self._free(TIME.id if is_clock else event)
            self._stacks.metric(
                replace(TIME, id=period, label=f"Time ({event})")
                if is_clock
                else Metric(period, event, "count")
            )
        self._metrics[event] = samples, period
        return samples, period

    def _free(self, name: str) -> str:
        """An id of a metric that no other has."""
        plain = re.sub(r"[^a-z0-9]+", "_", name.lower())
        plain = re.sub(r"^[^a-z]+|_+\Z", "", plain) or "event"
        found, count = plain, 2
        while found in self._ids:
            found, count = f"{plain}_{count}", count + 1
        self._ids.add(found)
        return found

    def finish(self) -> None:
        """Say how long it took, and what was lost."""
        if self._last > self._first:
            self._stacks.wall = round((self._last - self._first) * 1e9)
        for count, code, text in (
            (self._empty, "empty-stacks", "samples have no stack. They are not in the profile."),
            (
                self._broken,
                "broken-stacks",
                "samples have lines that are no frames, or were cut. They are not in the profile.",
            ),
            (
                self._no_period,
                "no-period",
                "samples have no period. They are counted, and add nothing to their event.",
            ),
            (self._lost, "lost-samples", "records were lost while perf recorded."),
            (self._skipped, "skipped-lines", "lines belong to no sample and were skipped."),
        ):
            if count:
                self._stacks.warn(code, f"{count} {text}")
