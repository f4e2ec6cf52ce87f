"""Lines of a text file with their places, one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from .badfile import BadFileError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Bytes of a line at most.
MOST_LINE = 1 << 24
#: Bytes that are decoded at a time.
_BLOCK = 1 << 20


@dataclass(slots=True)
class Line:
    """A line without its end, its first byte, and its number from 1."""

    text: str
    at: int
    number: int

    def bad(self, reason: str) -> BadFileError:
        """What is wrong with it."""
        return BadFileError(self.at, reason, self.number)


def texts_of(data: bytes) -> Iterator[str]:
    """The texts of :func:`lines_of`, in less time; :func:`line_at` has the places."""
    at = number = 0
    while at < len(data):
        end = data.rfind(b"\n", at, at + _BLOCK) + 1 or data.find(b"\n", at) + 1 or len(data)
        if end - at > MOST_LINE + 1:
            line_at(data, number + 1)  # raises, unless only what ends the line is too much
        text = data[at:end].decode("utf-8", "replace").removesuffix("\n")
        lines = text.split("\n")
        yield from (line.removesuffix("\r") for line in lines) if "\r" in text else lines
        number += len(lines)
        at = end


def line_at(data: bytes, number: int) -> Line:
    """The line of a number, from 1."""
    return next(islice(lines_of(data), number - 1, None))


def lines_of(data: bytes) -> Iterator[Line]:
    """The lines of a file. What is no UTF-8 becomes U+FFFD, as the browser reads it."""
    at = number = 0
    while at < len(data):
        number += 1
        end = data.find(b"\n", at)
        end = len(data) if end < 0 else end
        if end - at > MOST_LINE:
            raise BadFileError(at, f"a line has more than {MOST_LINE} bytes", number)
        yield Line(data[at:end].removesuffix(b"\r").decode("utf-8", "replace"), at, number)
        at = end + 1
