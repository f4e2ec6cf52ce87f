"""What a recording says in words: the peak and the lines that held it, and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...cppname import short_name
from ...model import Check, Warned
from ...sizes import size
from .allocators import is_of_cpython

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ...model import File
    from .cut import Call, Cut, Stack
    from .reading import Reading, Sums
    from .tracker import Recorded

#: From this share of all bytes on, functions without names deserve a sentence.
MUCH = 0.05
_UNKNOWN = "<unknown>"
_PACKAGES = ("package", "stdlib", "frozen")


def checks(recorded: Recorded, reading: Reading, cut: Cut, files: Sequence[File]) -> list[Check]:
    """The figures of the cell, each a sentence."""
    sums = [stack.sums for stack in cut.stacks]
    peak, total = _sum(sums, "peak_bytes"), _sum(sums, "bytes")
    live, count = _sum(sums, "live_bytes"), _sum(sums, "allocations")
    at_peak = _sum(sums, "peak_allocations")
    found = [
        Check(
            "memory-peak",
            f"At its peak the code held {size(peak)} in {_allocations(at_peak)}."
            + _held(cut.stacks, files, "peak_bytes", peak),
            value=peak,
            unit="bytes",
        ),
        Check(
            "memory-total",
            f"In all it allocated {size(total)} in {_allocations(count)}."
            + _held(cut.stacks, files, "bytes", total),
            value=total,
            unit="bytes",
        ),
        Check(
            "memory-live",
            f"When it had ended, {size(live)} of that were still held."
            + _held(cut.stacks, files, "live_bytes", live),
            value=live,
            unit="bytes",
        ),
    ]
    if recorded.native:
        native = [stack.sums for stack in cut.stacks if _is_native(stack)]
        native_peak, native_total = _sum(native, "peak_bytes"), _sum(native, "bytes")
        found.append(
            Check(
                "memory-split",
                f"Of the peak {size(peak - native_peak)} were asked for by Python and its own C "
                f"modules, and {size(native_peak)} by other compiled code; of all that was "
                f"allocated {size(total - native_total)} and {size(native_total)}.",
                value=native_peak,
                unit="bytes",
            )
        )
    before, after = recorded.rss
    if before is not None and after is not None:
        found.append(
            Check(
                "memory-rss",
                f"The process had {size(before)} in memory before and {size(after)} after "
                "(resident set, with what the recording itself takes).",
                value=after - before,
                unit="bytes",
            )
        )
    if not recorded.python_allocators and reading.python_allocator in ("pymalloc", "mimalloc"):
        found.append(
            Check(
                "memory-arenas",
                "Small objects of Python (512 bytes and less) are seen only as the blocks that "
                f"Python's own allocator, {reading.python_allocator}, takes for many of them; "
                "--python-allocators counts each, and is slower.",
            )
        )
    others = [*cut.others, *cut.tracing]
    found.append(
        Check(
            "memory-others",
            f"{size(_sum(others, 'bytes'))} in {_allocations(_sum(others, 'allocations'))} were "
            "allocated meanwhile by other threads of the process, by the kernel and for the "
            f"recording, and are left out; {size(_sum(others, 'peak_bytes'))} of that at the peak, "
            "which is the moment at which all of these together held most.",
            value=_sum(others, "bytes"),
            unit="bytes",
        )
    )
    if not reading.is_whole or recorded.stopped:
        found.append(
            Check(
                "memory-complete",
                "The recording ended before the code did"
                + (f", because {recorded.stopped}" if recorded.stopped else _CANNOT_WRITE)
                + ": what came later is missing, and what is still held is that of then.",
                ok=False,
            )
        )
    return found


_CANNOT_WRITE = ", because its file could not be written (the disk may be full) or is broken"


def warnings(recorded: Recorded, reading: Reading, cut: Cut) -> list[Warned]:
    """What the reader has to know to read the numbers right."""
    found: list[Warned] = []
    if reading.is_whole and not reading.has_frames and not recorded.stopped:
        found.append(
            Warned(
                "profiler-replaced",
                "The code turned on a profiler of its own, which turns off the one that memray "
                "knows Python functions by: what was allocated from then on is missing here, or "
                "has wrong functions and lines of Python.",
            )
        )
    if recorded.native:
        unnamed = [stack.sums for stack in cut.stacks if _leaf_name(stack) == _UNKNOWN]
        nameless, total = _sum(unnamed, "bytes"), _sum((one.sums for one in cut.stacks), "bytes")
        if nameless > MUCH * total:
            found.append(
                Warned(
                    "no-symbols",
                    f"{size(nameless)} of {size(total)} were allocated by compiled functions that "
                    "have no names here (a library without symbols): they are the row <unknown>.",
                )
            )
    return found


def _held(stacks: Iterable[Stack], files: Sequence[File], metric: str, whole: int) -> str:
    """Which line of Python, and which of compiled code, had most of it."""
    origins = {file.path: file for file in files}
    installed = {path for path, file in origins.items() if file.origin in _PACKAGES}
    python: dict[tuple[str, int], int] = {}
    native: dict[tuple[str, str, int], int] = {}
    for stack in stacks:
        value = getattr(stack.sums, metric)
        if not value:
            continue
        own = None
        for call in reversed(stack.calls):
            if call.kind == "python":
                own = own or call
                if call.path not in installed:
                    own = call
                    break
        if own is not None:
            python[own.path, own.line] = python.get((own.path, own.line), 0) + value
        leaf = next(
            (call for call in reversed(stack.calls) if call.kind != "native" or _is_own(call)),
            None,
        )
        if leaf is not None and leaf.kind == "native" and _is_native(stack):
            key = leaf.name, leaf.path, leaf.line
            native[key] = native.get(key, 0) + value
    text = ""
    if python:
        (path, line), value = max(python.items(), key=lambda item: item[1])
        file = origins.get(path)
        text += f" Most of it, {size(value)}, by {_label(file, path)}, line {line}"
    if native:
        (name, path, line), value = max(native.items(), key=lambda item: item[1])
        place = f" at {path.rpartition('/')[2]}:{line}" if path != _UNKNOWN and line else ""
        text += "; in" if text else " Most of it by"
        text += f" compiled code {size(value)} by {short_name(name)}{place}"
    return f"{text}." if text and whole else ""


def _label(file: File | None, path: str) -> str:
    return (file.label if file is not None else "") or path


def _is_own(call: Call) -> bool:
    """Whether a compiled function is neither the interpreter's nor only carries what others do."""
    return not (
        is_of_cpython(call.name, call.path)
        or call.name.startswith(("std::", "pybind11::", "__gnu_cxx::", "void std::"))
        or "/pybind11/" in call.path
        or call.path.startswith(("/usr/include/", "/usr/lib/gcc/"))
    )


def _is_native(stack: Stack) -> bool:
    """Whether compiled code that is not the interpreter's has asked for the memory."""
    for call in reversed(stack.calls):
        if call.kind != "native":
            return False
        if call.name != _UNKNOWN:
            return not is_of_cpython(call.name, call.path)
    return bool(stack.calls)


def _leaf_name(stack: Stack) -> str:
    return stack.calls[-1].name if stack.calls else ""


def _sum(sums: Iterable[Sums], name: str) -> int:
    return sum(getattr(one, name) for one in sums)


def _allocations(count: int) -> str:
    return f"{count:,} allocation{'' if count == 1 else 's'}"
