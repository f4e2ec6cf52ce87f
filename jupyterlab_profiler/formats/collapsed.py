"""Collapsed (folded) stacks, as flamegraph.pl takes them: ``root;child;leaf COUNT`` a line.

Blank lines and those that begin with ``#`` count nothing. ``src/formats/collapsed.ts`` has the same
rules.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from ..model import SAMPLES, Thread
from .badfile import shown
from .contents import label_of, naming
from .frames import parts_of
from .nativekinds import with_native_kinds
from .stacks import Frame, Stacks
from .textlines import MOST_LINE, line_at, texts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..model import Profile
    from .contents import Contents

_COUNT = re.compile(r"\d{1,18}(?:\.\d{1,18})?", re.ASCII)
#: Bytes that are looked at to tell the kind, and lines of them.
_HEAD = 65_536
_LOOKED_AT = 50
#: Stacks whose nodes are remembered by their texts.
_KEPT = 50_000


def sniff(file: Contents) -> bool:
    """Whether all of the first lines are stacks with a count."""
    # The last line may be cut; the first is looked at in full.
    end = max(file.data.rfind(b"\n", 0, _HEAD), file.data.find(b"\n", 0, MOST_LINE))
    whole = file.data[:MOST_LINE] if end < 0 or len(file.data) <= _HEAD else file.data[:end]
    lines = [line.removesuffix(b"\r").decode("utf-8", "replace") for line in whole.split(b"\n")]
    stacks = [line for line in lines[:_LOOKED_AT] if _is_stack(line)]
    return (
        bool(stacks)
        and all(_parts(line) is not None for line in stacks)
        and (len(stacks) > 1 or ";" in stacks[0])
    )


def read(files: Sequence[Contents]) -> Profile:
    """The profile in files, their stacks added."""
    stacks = Stacks("collapsed stacks")
    stacks.metric(SAMPLES)
    names = _Names(stacks)
    empty: float = 0
    for file in files:
        with naming(file.path):
            empty += _read(file.data, stacks, names)
    if empty:
        stacks.warn("empty-stacks", f"{empty} samples have no stack. They are not in the profile.")
    return with_native_kinds(stacks.profile(label_of(files)))


def _read(data: bytes, stacks: Stacks, names: _Names) -> float:
    """Add the stacks of a file. Returns how many samples have none."""
    tree = stacks.frames
    empty: float = 0
    nodes: dict[str, int] = {}
    for number, line in enumerate(texts_of(data), 1):
        if not _is_stack(line):
            continue
        parts = _parts(line)
        if parts is None:
            expected = "a stack and a count behind its last blank were expected"
            raise line_at(data, number).bad(f"{expected}, not {shown(line)}")
        stack, count = parts
        if not stack:
            empty += count  # py-spy writes them for threads that were between frames
            continue
        node = nodes.get(stack)
        if node is None:
            texts = stack.split(";")
            thread, begin = names.thread(texts)
            node = tree.stack([names.frame(text) for text in texts[begin:]], thread)
            if len(nodes) == _KEPT:
                nodes.clear()
            nodes[stack] = node
        tree.add(node, SAMPLES.id, count)
    return empty


#: py-spy's frames for a process, and for a thread.
_PROCESS = re.compile(r'process (\d{1,10}):"(.*)"', re.ASCII)
_THREAD = re.compile(r"thread \((0x[\da-fA-F]{1,13}|\d{1,15})\)(?:: (.*))?", re.ASCII)
#: google-pprof's address behind a name.
_ADDRESS = re.compile(r"<([\da-f]{16})>")


class _Names:
    """What the texts of frames stand for, each looked at once.

    Taken apart is what tools put into names: ``name (path:line)`` of py-spy, its frames for
    processes and threads; ``_[k]``, ``_[j]``, ``_[i]`` of stackcollapse-perf.pl; ``[inline]`` and
    ``<address>`` of google-pprof; ``py::name:path`` of CPython's perf trampoline.
    """

    def __init__(self, stacks: Stacks) -> None:
        self._stacks = stacks
        self._frames: dict[str, int] = {}
        self._no_thread: int | None = None

    def thread(self, texts: list[str]) -> tuple[int, int]:
        """The thread that the first frames stand for, and the first frame that is a function."""
        if not texts[0].startswith(("process ", "thread (")):
            if self._no_thread is None:
                self._no_thread = self._stacks.thread(Thread(""))
            return self._no_thread, 0
        begin, thread = 0, Thread("")
        process = _PROCESS.fullmatch(texts[0])
        if process and len(texts) > 1:
            thread = Thread(process[2], "process", pid=int(process[1]))
            begin = 1
        found = _THREAD.fullmatch(texts[begin])
        if found and len(texts) > begin + 1:
            tid = int(found[1], 0) if found[1][:2] == "0x" else int(found[1])
            thread = Thread(found[2] or texts[begin], pid=thread.pid, tid=tid)
            begin += 1
        return self._stacks.thread(thread), begin

    def frame(self, text: str) -> int:
        """The frame of a text."""
        frame = self._frames.get(text)
        if frame is None:
            frame = self._frames[text] = self._make(text)
        return frame

    def _make(self, text: str) -> int:
        inline = _unsuffixed(text, "[inline]") or _unsuffixed(text, "_[i]")
        kernel, jit = _unsuffixed(text, "_[k]"), _unsuffixed(text, "_[j]")
        name = inline or kernel or jit or text
        address = 0
        if len(name) > 18 and (addressed := _ADDRESS.fullmatch(name[-18:])) is not None:
            name, address = name[:-18], int(addressed[1], 16)
        parts, line = parts_of(name)
        if kernel:
            parts = replace(parts, kind="native", object="[kernel]")
        elif jit and parts.kind == "other":
            parts = replace(parts, kind="jit")
        function = self._stacks.function(parts)
        path = parts.path if line else ""
        return self._stacks.frame(Frame(function, line, path, address, bool(inline)))


def _unsuffixed(text: str, suffix: str) -> str:
    """The text before a suffix; "" if it does not end so."""
    return text.removesuffix(suffix) if text.endswith(suffix) else ""


def _is_stack(line: str) -> bool:
    return not line.startswith("#") and not line.isspace() and line != ""


def _parts(line: str) -> tuple[str, float] | None:
    """The stack, and how often it was seen."""
    stack, _, count = line.rpartition(" ")
    if stack and len(count) <= 18 and count.isascii() and count.isdigit():
        return stack, int(count)
    if len(stack) + len(count) == len(line) or not _COUNT.fullmatch(count):
        return None  # without a blank
    return stack, float(count) if "." in count else int(count)
