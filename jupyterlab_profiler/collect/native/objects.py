"""Shared libraries of this process: which one an address lies in, and which was built of a file."""

from __future__ import annotations

import mmap
import os
import re
import struct
from bisect import bisect_right
from functools import cached_property

#: Larger ones are not searched for names of source files.
_MOST_SEARCHED = 128_000_000
#: Bytes of an object that its notes may have.
_MOST_NOTES = 1 << 16
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


def build_id(path: str) -> str:
    """The build id of an ELF file of 64 bits, "" where it has none or cannot be read."""
    try:
        with open(path, "rb") as file:
            head = file.read(64)
            if head[:6] != b"\x7fELF\x02\x01" or len(head) < 64:
                return ""
            at, size, count = (
                struct.unpack_from("<Q", head, 32)[0],
                *struct.unpack_from("<HH", head, 54),
            )
            if size < 56 or count > 1024:
                return ""
            file.seek(at)
            table = file.read(size * count)
            for index in range(len(table) // size):
                (kind,) = struct.unpack_from("<I", table, index * size)
                offset, length = (
                    struct.unpack_from("<Q", table, index * size + place)[0] for place in (8, 32)
                )
                if kind == 4 and length <= _MOST_NOTES:  # PT_NOTE
                    file.seek(offset)
                    if found := _gnu_note(file.read(length)):
                        return found
    except (OSError, struct.error, OverflowError, ValueError):
        return ""
    return ""


def _gnu_note(data: bytes) -> str:
    at = 0
    while at + 12 <= len(data):
        name_size, size, kind = struct.unpack_from("<III", data, at)
        name = at + 12
        value = name + (name_size + 3) // 4 * 4
        if kind == 3 and data[name : name + 4] == b"GNU\0":
            return data[value : value + size].hex()
        at = value + (size + 3) // 4 * 4
    return ""
