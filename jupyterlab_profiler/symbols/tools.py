"""Asks llvm-symbolizer or addr2line what is at addresses of a binary, many at a time.

llvm-symbolizer is the better one: addr2line gives a frame that was inlined the name of the function
that it was inlined into (its file and line are right).
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import subprocess
import threading
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

#: Addresses that one process is asked for; seconds and bytes that it may take for its answer.
CHUNK, _MOST_SECONDS, _MOST_BYTES = 20_000, 120.0, 1 << 28
#: Frames that lie in each other at one address, and characters of a name.
_MOST_INLINED, _MOST_NAME = 100, 1 << 15
_UNKNOWN = ("", "??")


class Site(NamedTuple):
    """A frame at an address: the function with the line at which it begins, the file, the line.

    Texts are "" and lines 0 where they are not known.
    """

    name: str
    file: str = ""
    line: int = 0
    first_line: int = 0


class Tool(NamedTuple):
    """What can be asked. ``ask`` gives for each address its frames, innermost first."""

    name: str
    ask: Callable[[str, Sequence[int]], Iterator[list[Site]]]
    #: Whether the names of inlined frames are right.
    is_exact: bool


def find_tool() -> Tool | None:
    """The best tool that is there."""
    for name, ask, is_exact in (
        ("llvm-symbolizer", _by_llvm, True),
        ("addr2line", _by_addr2line, False),
    ):
        if path := shutil.which(name):
            return Tool(name, partial(ask, path), is_exact)
    return None


def _by_llvm(tool: str, binary: str, addresses: Sequence[int]) -> Iterator[list[Site]]:
    command = [tool, f"--obj={binary}", "--inlines", "--demangle", "--functions=linkage"]
    lines = _answers([*command, "--output-style=JSON"], addresses)
    first = next(lines, "")
    if first.startswith("{"):
        yield _of_json(first)
        for line in lines:
            yield _of_json(line)
        return
    # Before LLVM 13 there was no JSON: pairs of lines, and an empty one behind each address.
    block: list[str] = []
    for line in _answers(command, addresses):
        if line:
            block.append(line)
        elif block:
            yield _of_pairs(block)
            block = []


def _of_json(text: str) -> list[Site]:
    try:
        answer = json.loads(text)
        frames = answer.get("Symbol") or []
        return [
            Site(
                _name(frame.get("FunctionName", "")),
                _file(frame.get("FileName", "")),
                _line(frame.get("Line", 0)),
                _line(frame.get("StartLine", 0)),
            )
            for frame in frames[:_MOST_INLINED]
        ]
    except (ValueError, AttributeError, TypeError, RecursionError):
        return []


def _by_addr2line(tool: str, binary: str, addresses: Sequence[int]) -> Iterator[list[Site]]:
    block: list[str] | None = None
    for line in _answers([tool, "-e", binary, "-a", "-i", "-f", "-C"], addresses):
        if re.fullmatch(r"0x[0-9a-f]+", line):
            if block is not None:
                yield _of_pairs(block)
            block = []
        elif block is not None:
            block.append(line)
    if block is not None:
        yield _of_pairs(block)


_PLACE = re.compile(r"(.*?):(\d+|\?)(?::\d+)?(?: \(discriminator \d+\))?", re.DOTALL)


def _of_pairs(block: Sequence[str]) -> list[Site]:
    """Frames of lines with a name and with a place, in turn."""
    found = []
    for name, place in zip(block[::2][:_MOST_INLINED], block[1::2], strict=False):
        parts = _PLACE.fullmatch(place)
        file, line = (parts[1], parts[2]) if parts else ("", "0")
        found.append(Site(_name(name), _file(file), _line(line)))
    return found


def _name(text: object) -> str:
    return (
        text if isinstance(text, str) and text not in _UNKNOWN and len(text) <= _MOST_NAME else ""
    )


def _file(text: object) -> str:
    return _name(text)


def _line(value: object) -> int:
    text = str(value)
    number = int(text) if text.isdecimal() and len(text) <= 10 else 0
    return number if 0 < number < 1 << 31 else 0


def _answers(command: Sequence[str], addresses: Sequence[int]) -> Iterator[str]:
    """Lines that a tool prints. What is too long or takes too long is cut off."""
    asked = "".join(f"0x{address:x}\n" for address in addresses).encode()
    process = subprocess.Popen(  # noqa: S603 - a tool that find_tool found
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert process.stdin is not None  # noqa: S101
    assert process.stdout is not None  # noqa: S101
    timer = threading.Timer(_MOST_SECONDS, process.kill)
    stdin = process.stdin

    def write() -> None:
        with contextlib.suppress(OSError, ValueError), stdin:
            stdin.write(asked)

    writer = threading.Thread(target=write, daemon=True)
    timer.start()
    writer.start()
    left = _MOST_BYTES
    try:
        for line in process.stdout:
            left -= len(line)
            if left < 0:
                break
            yield line.decode("utf-8", "replace").rstrip("\r\n")
    finally:
        timer.cancel()
        process.kill()
        process.stdout.close()
        process.wait()
        writer.join()
