"""Lines of a text file with their places, one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .badfile import BadFileError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Bytes of a line at most.
MOST_LINE = 1 << 24


@dataclass(slots=True)
class Line:
    """A line without its end, its first byte, and its number from 1."""

    text: str
    at: int
    number: int

    def bad(self, reason: str) -> BadFileError:
        """What is wrong with it."""
        return BadFileError(self.at, reason, self.number)


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
