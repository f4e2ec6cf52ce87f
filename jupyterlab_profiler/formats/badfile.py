"""What a reader raises for a file that is not what it should be."""

from __future__ import annotations


class BadFileError(ValueError):
    """A file is not what it should be.

    ``at`` is the byte where that was seen, of the unpacked file; ``line`` the line of a text, from
    1, else 0.
    """

    def __init__(self, at: int, reason: str, line: int = 0) -> None:
        super().__init__(f"at byte {at}{f' (line {line})' if line else ''}: {reason}")
        self.at = at
        self.line = line
        self.reason = reason


def shown(value: object) -> str:
    """What a file has in the place of something else, as ASCII, cut to a readable length.

    >>> shown("a" * 100)[:5], len(shown("a" * 100))
    ("'aaaa", 62)
    """
    text = ascii(value[:60] if isinstance(value, (str, bytes)) else value)
    return text if len(text) <= 80 else text[:80] + "…"
