"""Functions, callers and callees of a profile with calls, as pstats prints them.

pstats itself prints, from a table that was read without executing anything: so the text is that of
the Python that runs.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from .formats.pstats import to_stats
from .text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .model import Limit, Profile


def call_report(
    profile: Profile,
    *,
    files: Sequence[str] = (),
    sort: Sequence[str] = ("time",),
    limits: Sequence[Limit] = (),
    strip_dirs: bool = False,
    reverse: bool = False,
    callers: str | None = None,
    callees: str | None = None,
) -> str:
    """What ``Stats.print_stats`` prints, or ``print_callers`` and ``print_callees``.

    ``files`` are the lines on top. ``callers`` and ``callees``, where they are not None, are shown
    in the place of the table: of the functions whose names they, as regular expressions, match.
    ``limits`` follow. What a terminal would act on is written as an escape.
    """
    out = io.StringIO()
    stats = to_stats(profile, out)
    stats.files = list(files)  # type: ignore[attr-defined]  # of the class, but not of its stub
    if strip_dirs:
        stats.strip_dirs()
    if sort:
        stats.sort_stats(*sort)
    if reverse:
        stats.reverse_order()
    amounts = [_amount(limit) for limit in limits]
    if callers is None and callees is None:
        stats.print_stats(*amounts)
    if callers is not None:
        stats.print_callers(*filter(None, [callers]), *amounts)
    if callees is not None:
        stats.print_callees(*filter(None, [callees]), *amounts)
    return "\n".join(map(printable, out.getvalue().split("\n")))


def _amount(limit: Limit) -> str | float:
    """A restriction as pstats takes it."""
    if limit.regex is not None:
        return limit.regex
    # A fraction is one to pstats because of its type.
    return limit.count if limit.count is not None else float(limit.fraction or 0)
