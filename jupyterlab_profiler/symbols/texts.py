"""The text of C++ files with what took most in them, as of Python's functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..collect.nativetext import native_sources, written

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from ..model import Profile, Source


def texts_of(profile: Profile, binaries: Mapping[int, str]) -> list[Source]:
    """Blocks of text round the lines that took something, beside those that the profile has.

    ``binaries`` by the numbers of objects: of a file that is newer than a binary made of it nothing
    is kept, as it is not sure that this is what ran.
    """
    times = {number: written(path) for number, path in binaries.items()}
    lines = profile.lines
    column = next((name for name in lines if name.startswith("total.")), None)
    if column is None:
        return profile.sources
    built: dict[int, float] = {}
    for file, function in zip(lines.ints("file"), lines.ints("function"), strict=True):
        if file and function:
            place = profile.functions[function - 1].object
            time = 0.0 if place is None else times.get(place, 0.0)
            built[file - 1] = min(time, built.get(file - 1, time))

    def is_what_ran(file: int, status: os.stat_result) -> bool:
        return status.st_mtime <= built.get(file, 0.0)

    found = [*profile.sources, *native_sources(profile, [column], is_what_ran)]
    return sorted(found, key=lambda source: (source.file, source.line))
