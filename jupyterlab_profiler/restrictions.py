"""What ``-s``, ``-l`` and ``-u`` take: pstats' sort keys and restrictions, and units, as typed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .model import Limit

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Keys of ``pstats.Stats.sort_stats``, with the words that pstats prints for them.
SORT_KEYS = {
    "calls": "call count",
    "ncalls": "call count",
    "cumtime": "cumulative time",
    "cumulative": "cumulative time",
    "filename": "file name",
    "line": "line number",
    "module": "file name",
    "name": "function name",
    "nfl": "name/file/line",
    "pcalls": "primitive call count",
    "stdname": "standard name",
    "time": "internal time",
    "tottime": "internal time",
}


def resolve_sort_keys(keys: Iterable[str]) -> list[str]:
    """Sort keys written in full, in the same order.

    A prefix will do where all keys that begin with it mean the same: ``cum`` is both ``cumtime``
    and ``cumulative``, one thing. Raises ``ValueError`` with one sentence for any other.

    >>> resolve_sort_keys(["cum", "nfl"])
    ['cumulative', 'nfl']
    """
    return [_resolve(key) for key in keys]


def _resolve(key: str) -> str:
    if key in SORT_KEYS:
        return key
    candidates = [name for name in SORT_KEYS if key and name.startswith(key)]
    meanings = {SORT_KEYS[name] for name in candidates}
    if len(meanings) == 1:
        # The one that pstats.SortKey is named after: cumulative for cumtime, time for tottime.
        return "cumulative" if "cumulative" in candidates else candidates[0]
    if candidates:
        raise ValueError(f"sort key {key!r} is ambiguous: {', '.join(candidates)}")
    raise ValueError(f"there is no sort key {key!r}: expected one of {', '.join(SORT_KEYS)}")


def parse_limit(text: str) -> Limit:
    """A restriction as ``%prun -l`` reads it: a number of rows, a fraction of them, or a pattern.

    Raises ``ValueError`` with one sentence for a number that would restrict nothing, and for a
    pattern that is no regular expression.

    >>> parse_limit("10"), parse_limit("0.5"), parse_limit("json")
    (Limit(count=10, ...), Limit(... fraction=0.5, ...), Limit(... regex='json'))
    """
    try:
        count = int(text)
    except ValueError:
        pass
    else:
        if count < 0:
            raise ValueError(f"limit {text!r} is below 0: expected how many rows to show")
        return Limit(count=count)
    try:
        fraction = float(text)
    except ValueError:
        pass
    else:
        if not 0 <= fraction <= 1:
            raise ValueError(f"limit {text!r} is no fraction between 0 and 1")
        return Limit(fraction=fraction)
    try:
        re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"limit {text!r} is no regular expression: {error}") from None
    return Limit(regex=text)


def parse_unit(text: str) -> float:
    """The length of a unit in seconds. Raises ``ValueError`` with one sentence."""
    try:
        unit = float(text)
    except ValueError:
        unit = 0.0
    if not 0 < unit < float("inf"):
        raise ValueError(f"-u takes the length of a unit in seconds, such as 1e-3, not {text!r}")
    return unit
