"""Bytes in words."""

from __future__ import annotations

_UNITS = ("B", "kB", "MB", "GB", "TB")


def size(count: float) -> str:
    """A number of bytes with three digits in the unit that fits, powers of 1000.

    >>> size(0), size(999), size(1000), size(16_000_000), size(999_960), size(-2_000)
    ('0 B', '999 B', '1.00 kB', '16.0 MB', '1.00 MB', '-2.00 kB')
    """
    value, place = float(count), 0
    while abs(value) >= (1000 if place == 0 else 999.5) and place < len(_UNITS) - 1:
        value /= 1000
        place += 1
    if place == 0:
        return f"{count:.0f} B"
    digits = 2 if abs(value) < 9.995 else 1 if abs(value) < 99.95 else 0
    return f"{value:,.{digits}f} {_UNITS[place]}"
