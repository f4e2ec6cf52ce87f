"""The text of what was sampled: of Python as ever, of C and C++ what surrounds sampled lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...derive import derive
from ..collector import CallRow
from ..nativetext import native_sources, ran_here
from ..sources import sources

if TYPE_CHECKING:
    from ...model import Profile, Source
    from ..files import Cells
    from ..names import Names
    from ..objects import LoadedObjects


def texts_of(profile: Profile, names: Names, cells: Cells, objects: LoadedObjects) -> list[Source]:
    """Blocks of text, those of one file in order and apart."""
    found = [
        *sources(profile.files, profile.functions, _rows(profile, names), cells),
        *native_sources(profile, ("self.time", "total.time"), ran_here(profile, objects)),
    ]
    return sorted(found, key=lambda source: (source.file, source.line))


def _rows(profile: Profile, names: Names) -> dict[int, CallRow]:
    totals, _ = derive(profile.paths, profile.metrics)
    rows: dict[int, CallRow] = {}
    for function, own, whole in zip(
        *(totals.ints(name) for name in ("function", "self.time", "total.time")), strict=True
    ):
        code = names.codes.get(function) or profile.functions[function].name
        row = CallRow(code, 0, 0, whole, own)
        rows[function] = rows[function] + row if function in rows else row
    return rows
