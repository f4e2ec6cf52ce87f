"""Shared libraries of this process: which one an address lies in, and which was built of a file."""

from __future__ import annotations

import mmap
import os
import re
from bisect import bisect_right
from functools import cached_property

#: Larger ones are not searched for names of source files.
_MOST_SEARCHED = 128_000_000
#: What no user has built of sources that lie here.
_SYSTEM = re.compile(
    r"/(?:ld-linux[^/]*|lib(?:c|m|dl|rt|pthread|util|gcc_s|stdc\+\+|python\d[\d.]*)[.-][^/]*)\Z"
)


class LoadedObjects:
    """What ``/proc/self/maps`` names; ``maps`` is its text."""

    def __init__(self, maps: str | None = None) -> None:
        self._regions: list[tuple[int, int, int, str]] = []
        self._bases: dict[str, int] = {}
        for line in (_maps() if maps is None else maps).splitlines():
            fields = line.split(None, 5)
            if len(fields) < 6 or not fields[5].startswith("/"):
                continue
            begin, _, end = fields[0].partition("-")
            path = fields[5].removesuffix(" (deleted)")
            offset = int(fields[2], 16)
            self._regions.append((int(begin, 16), int(end, 16), offset, path))
            if not offset:
                self._bases.setdefault(path, int(begin, 16))
        self._regions.sort()
        self._begins = [region[0] for region in self._regions]
        self._sources: dict[str, list[str]] = {}

    def __contains__(self, path: str) -> bool:
        return path in self.paths

    @cached_property
    def paths(self) -> frozenset[str]:
        """All that are mapped."""
        return frozenset(region[3] for region in self._regions)

    def locate(self, address: int) -> tuple[str, int] | None:
        """The object that a run-time address lies in, and the address relative to it."""
        at = bisect_right(self._begins, address) - 1
        if at < 0 or address >= self._regions[at][1]:
            return None
        path = self._regions[at][3]
        return path, address - self._bases.get(path, 0)

    def built_of(self, source: str) -> list[str]:
        """Objects whose debug information names a source file; system libraries are not asked."""
        found = self._sources.get(source)
        if found is None:
            name = os.path.basename(source).encode() + b"\0"
            found = self._sources[source] = [
                path for path in self._candidates if _holds(path, name)
            ]
        return found

    @cached_property
    def _candidates(self) -> list[str]:
        return sorted(path for path in self.paths if ".so" in path and not _SYSTEM.search(path))


def _maps() -> str:
    try:
        with open("/proc/self/maps", encoding="utf-8", errors="surrogateescape") as file:
            return file.read()
    except OSError:
        return ""


def _holds(path: str, text: bytes) -> bool:
    try:
        if not 0 < os.stat(path).st_size <= _MOST_SEARCHED:
            return False
        with (
            open(path, "rb") as file,
            mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data,
        ):
            return data.find(text) >= 0
    except (OSError, ValueError):
        return False
