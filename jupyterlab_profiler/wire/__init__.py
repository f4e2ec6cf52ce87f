"""The wire format: how a profile gets to the browser, and how a saved notebook keeps it.

``wire/README.md`` is its specification, ``wire/profile.v1.schema.json`` its JSON Schema.
"""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any

from ..model import Check
from .columns import WireError
from .decode import decode
from .encode import check_limits, encode_all, encode_check
from .layout import MIME, SOFT_LIMIT

if TYPE_CHECKING:
    from ..model import Profile

__all__ = ["MIME", "SOFT_LIMIT", "WireError", "decode", "encode", "mime_bundle"]

#: Each round comes closer to the limit; the first one nearly always fits.
_ROUNDS = 12
#: A tenth less than in proportion: names and the folded rows themselves take room too.
_PART = 0.9
#: Bytes that are kept for the check that tells how long folding took.
_TOLD = 300


def encode(
    profile: Profile, *, limit: int | None = SOFT_LIMIT, generator: str | None = None
) -> dict[str, Any]:
    """The profile as a payload: an object for ``json.dumps``.

    Above ``limit`` bytes of JSON the coldest rows are folded into *(N more)*, which keeps their
    values, and checks say so; None keeps everything. Raises :class:`WireError` for a profile that
    the format cannot hold, such as one with a time that is not a number. Lines and ids that no
    reader takes become 0, which says that they are not known.

    >>> from jupyterlab_profiler.model import Profile
    >>> decode(encode(Profile())) == Profile()
    True
    """
    payload = encode_all(profile, generator)
    if limit is not None:
        payload = _folded(payload, profile, limit, generator)
    check_limits(payload)
    return payload


def _folded(
    payload: dict[str, Any], profile: Profile, limit: int, generator: str | None
) -> dict[str, Any]:
    """The payload if it is small enough, or that of a folded profile."""
    size = _size(payload)
    if size <= limit:
        return payload

    from .fold import Folding, drop_sources

    texts = sum(len(source.text) for source in profile.sources)
    if texts >= min(size - limit, size / 2):
        profile = drop_sources(profile, size - limit)
        payload = encode_all(profile, generator)
        size = _size(payload)
    share = _PART * limit / size
    if _is_mostly_tree(payload, size):
        # Its heavy rows have large numbers, up to half as many bytes again as the mean.
        share = max(share / 1.5, share**1.5)
    folding = Folding(profile)
    for _ in range(_ROUNDS):
        if size <= limit:
            break
        payload = encode_all(folding.fold(share), generator)
        size = _size(payload)
        share *= _PART * limit / size
    return payload


def mime_bundle(profile: Profile) -> dict[str, Any]:
    """What a notebook shows and keeps: the payload, static HTML, and text, each by MIME type."""
    from ..derive import totals_and_edges
    from ..html import static_html

    began = perf_counter_ns()
    payload = encode(profile, limit=SOFT_LIMIT - _TOLD)
    if len(payload["checks"]) > len(profile.checks):
        payload["checks"].append(_folding_check(perf_counter_ns() - began))
    totals, edges = totals_and_edges(profile)
    summed = replace(profile, totals=totals, edges=edges)  # derived once for both
    return {
        MIME: payload,
        "text/html": static_html(summed),
        "text/plain": summed.text(),
    }


def _folding_check(nanoseconds: int) -> dict[str, Any]:
    text = (
        "Making this result small enough for a notebook took this long, after the code had ended."
    )
    return encode_check(Check("folding", text, value=nanoseconds, unit="ns"))


def _is_mostly_tree(payload: dict[str, Any], size: int) -> bool:
    columns = payload["tables"].get("paths", {"columns": {}})["columns"]
    return sum(len(column["data"]) for column in columns.values()) > size / 2


def _size(payload: dict[str, Any]) -> int:
    """Bytes of a payload in a notebook file, which holds text as UTF-8."""
    import json

    return len(json.dumps(payload, ensure_ascii=False).encode("utf-8"))
