"""The function table as comma-separated values (RFC 4180), as ``src/profile/csv.ts`` writes it."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from ..rows import function_rows, main_metric, sort_rows

if TYPE_CHECKING:
    from ..model import Profile
    from ..rows import Row

_HEAD = (
    "ncalls,primitive_calls,tottime,tottime_percall,cumtime,cumtime_percall,kind,file,line,function"
)


def dump_csv(profile: Profile) -> bytes:
    """Rows in the order of ``profile.view``, exact numbers, times in seconds.

    A number that is not known is empty. What is measured is time, else the main metric. A text that
    a spreadsheet would calculate, as ``=1+1``, has an apostrophe in front. Raises ``ValueError``
    for a profile of lines alone.
    """
    if not profile.has_functions():
        raise ValueError("this profile has times of lines alone, and the file would hold functions")
    rows = function_rows(profile, main_metric(profile))
    lines = [_line(profile, row) for row in sort_rows(rows, profile.view.sort)]
    return "\r\n".join([_HEAD, *lines, ""]).encode("utf-8", "backslashreplace")


def _line(profile: Profile, row: Row) -> str:
    function = row.function
    own = None if "tottime" in row.unknown else row.tottime
    total = None if "cumtime" in row.unknown else row.cumtime
    calls = None if "ncalls" in row.unknown else row.ncalls
    primitive = None if "primitive" in row.unknown else row.primitive
    cells = [
        _number(calls),
        _number(primitive),
        _number(own),
        _number(own / calls if own is not None and calls else None),
        _number(total),
        _number(total / primitive if total is not None and primitive else None),
        function.kind,
        _text("" if function.file is None else profile.files[function.file].path),
        str(function.line) if function.line > 0 else "",
        _text(function.qualified or function.name),
    ]
    return ",".join(cells)


def _number(value: float | None) -> str:
    """As JavaScript writes it: the shortest digits that are this number."""
    if value is None:
        return ""
    if value == 0:
        return "0"
    digits = Decimal(repr(value))
    exponent = digits.adjusted()
    if -6 <= exponent < 21:
        text = format(digits, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    mantissa = format(digits.scaleb(-exponent).normalize(), "f")
    return f"{mantissa}e{exponent:+d}"


def _text(value: str) -> str:
    safe = f"'{value}" if re.match(r"[=+\-@\t\r]", value) else value
    if re.search(r'[",\r\n]', safe):
        return '"' + safe.replace('"', '""') + '"'
    return safe
