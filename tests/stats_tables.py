"""Tables as cProfile writes them, made up by hypothesis."""

from __future__ import annotations

import io
import pstats
from typing import Any

from hypothesis import strategies as st

names = st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), max_size=12)
#: Few, so that functions are met again, also under one name without folders.
keys = st.one_of(
    st.tuples(
        st.sampled_from(["a.py", "x/a.py", "/y/a.py", "b.py", ""]),
        st.integers(0, 3),
        st.sampled_from(["f", "g", "<module>"]),
    ),
    st.tuples(st.just("~"), st.just(0), st.sampled_from(["<built-in method len>", "sum"])),
    st.tuples(names, st.integers(0, 2**31 - 1), names),
)
counts = st.integers(0, 10**9)
times = st.integers(0, 10**12).map(lambda ns: ns / 1e9) | st.floats(-1e6, 1e6)
callers = st.dictionaries(keys, st.tuples(counts, counts, times, times), max_size=4)
tables = st.dictionaries(
    keys, st.tuples(counts, counts, times, times, callers), min_size=1, max_size=8
)


def printed(stats: pstats.Stats, what: str, *amounts: Any) -> str:
    """What pstats prints: ``stats``, ``callers`` or ``callees``."""
    out = stats.stream = io.StringIO()  # type: ignore[attr-defined]
    getattr(stats, f"print_{what}")(*amounts)
    return out.getvalue()
