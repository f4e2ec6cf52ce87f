"""Reads a recording of memray: what each stack had at the peak, in all and at the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import tracker

if TYPE_CHECKING:
    from .tracker import Recorded

#: Python frames of one stack that are read.
DEEPEST = 100_000
#: How far before the end of a recording its last allocation is looked for.
_NEAR_END = 500
#: memray's numbers for what frees: PYMALLOC_FREE, FREE and MUNMAP.
_FREES = frozenset({1, 5, 15})

#: A frame as memray has it: name, file, line.
Element = tuple[str, str, int]


class Sums:
    """What one stack of one thread has allocated, and one of memray's records of it."""

    __slots__ = ("allocations", "bytes", "live_bytes", "peak_allocations", "peak_bytes", "record")

    def __init__(self, record: Any) -> None:
        self.record = record
        self.bytes = self.allocations = 0
        self.peak_bytes = self.peak_allocations = self.live_bytes = 0

    def forget(self) -> None:
        """Let go of the record, which keeps every frame that was asked for."""
        self.record = None

    def python_stack(self) -> list[Element]:
        """Python frames, the innermost first, those of the kernel included."""
        found: list[Element] = self.record.stack_trace(DEEPEST)
        return found

    def hybrid_stack(self) -> list[Element]:
        """Python and native frames, the innermost first. memray may leave outer ones out."""
        found: list[Element] = self.record.hybrid_stack_trace()
        return found


@dataclass
class Reading:
    """All stacks of a recording. ``main`` is memray's number of the thread that started it."""

    stacks: list[Sums]
    main: int
    #: How many allocations and frees the recording has.
    records: int
    #: Whether the recording goes to its end, and whether Python frames were heard until then.
    is_whole: bool
    has_frames: bool
    python_allocator: str


def read(recorded: Recorded) -> Reading:
    """Read the file. Time and memory go by its size, which is bounded."""
    from memray import FileReader

    with FileReader(recorded.path) as reader:
        main = int(reader.metadata.main_thread_id)
        found: dict[tuple[int, int, int, int], Sums] = {}
        records = last_mark = 0
        for record in reader.get_allocation_records():
            records += 1
            if record.allocator in _FREES:
                continue
            key = _key(record)
            sums = found.get(key)
            if sums is None:
                sums = found[key] = Sums(record)
            size = record.size
            sums.bytes += size
            sums.allocations += 1
            if tracker.MARK <= size <= tracker.MARK + 64 and key[0] == main:
                last_mark = records
        for record in reader.get_high_watermark_allocation_records(merge_threads=False):
            sums = found[_key(record)]
            sums.peak_bytes += record.size
            sums.peak_allocations += record.n_allocations
        for record in reader.get_leaked_allocation_records(merge_threads=False):
            found[_key(record)].live_bytes += record.size
        mark = tracker.end_of_recording.__code__
        has_frames = any(
            (name, path) == (mark.co_name, mark.co_filename)
            for key, sums in found.items()
            if key[0] == main
            for name, path, _ in sums.record.stack_trace(1)
        )
        allocator = str(reader.metadata.python_allocator)
    near_end = bool(last_mark) and records - last_mark < _NEAR_END
    stacks = list(found.values())
    return Reading(stacks, main, records, has_frames or near_end, has_frames, allocator)


def _key(record: Any) -> tuple[int, int, int, int]:
    return (
        record.tid,
        record.stack_id,
        record.native_stack_id,
        record.native_segment_generation,
    )
