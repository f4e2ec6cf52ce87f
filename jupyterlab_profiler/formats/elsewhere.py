"""Kinds of files that Python does not read: only told by their content."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .contents import Contents

_HEAD = 65_536
#: Kinds that JupyterLab does not open, either.
UNREAD = {
    "recording of perf (make text of it by: perf script)",
    "heap profile of gperftools",
    "raw profile of google-pprof",
}
_CALLGRIND = re.compile(rb"^# callgrind format|^(?:events|positions|creator): ?\S", re.MULTILINE)
_CALLGRIND_COSTS = re.compile(rb"^fn= ?\S", re.MULTILINE)


def kind_elsewhere(file: Contents) -> str:
    """What people call such a file; "" if it is none that is known."""
    if isinstance(file.value, dict | list):
        return _json(file.value)
    head = file.data[:_HEAD]
    if head.startswith(b"PERFILE2"):
        return "recording of perf (make text of it by: perf script)"
    if head.startswith((b"--- ", b"heapprofile")):
        return "raw profile of google-pprof"
    if head.startswith(b"heap profile:"):
        return "heap profile of gperftools"
    if _CALLGRIND.search(head) and _CALLGRIND_COSTS.search(head):
        return "file of callgrind"
    if _is_pprof(head):
        return "pprof profile"
    return ""


def _json(value: Any) -> str:
    if isinstance(value, list):
        is_trace = bool(value) and all(
            isinstance(event, dict) and "ph" in event for event in value[:20]
        )
        return "Chrome trace" if is_trace else ""
    if isinstance(value.get("traceEvents"), list):
        return "Chrome trace"
    if isinstance(value.get("nodes"), list) and "startTime" in value:
        return "CPU profile of Chrome"
    if "root_frame" in value or "frame_records" in value:
        return "session of pyinstrument"
    return ""


#: Fields of a pprof profile that are messages or texts; the others are numbers.
_PPROF_MESSAGES = {1, 2, 3, 4, 5, 6, 11, 13}


def _is_pprof(head: bytes) -> bool:
    """Whether the first fields are those of a profile, types of samples and strings among them."""
    fields: list[int] = []
    at = 0
    while at < len(head) and len(fields) < 1000:
        key, at = _varint(head, at)
        field = key >> 3
        if not 1 <= field <= 14 or key & 7 != (2 if field in _PPROF_MESSAGES else 0):
            return False
        value, at = _varint(head, at)
        at += value if key & 7 else 0
        fields.append(field)
    return 1 in fields and len(set(fields)) > 2


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(data) and shift < 63:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
    return 0, at + 1
