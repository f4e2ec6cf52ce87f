"""What an ELF file tells of itself: its build id, and the address that it is linked for."""

from __future__ import annotations

import os
import stat
import struct
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Bytes of the tables and of notes that are read.
_MOST_HEADERS, _MOST_NOTES = 1 << 20, 1 << 16
_LOAD, _NOTE, _BUILD_ID = 1, 4, 3


class Elf(NamedTuple):
    """``build_id`` in hexadecimal, "" if it has none.

    ``base`` is where its first byte is linked for, ``end`` behind its last one: addresses that are
    relative to a loaded object count from ``base``, which is 0 of libraries. ``segments``: what is
    loaded, by its place in the file, its address, and its size.
    """

    build_id: str
    base: int
    end: int
    segments: tuple[tuple[int, int, int], ...] = ()

    def address_of(self, offset: int) -> int | None:
        """The address of a place in the file; None if it is not loaded."""
        for place, address, size in self.segments:
            if place <= offset < place + size:
                return address + offset - place
        return None


def read_elf(path: str | os.PathLike[str]) -> Elf | None:
    """What a file tells of itself; None for what is no ELF file, or cannot be read."""
    try:
        # A pipe would keep us waiting.
        if not stat.S_ISREG(os.stat(path).st_mode):
            return None
        with open(path, "rb") as file:
            return _read(file)
    except (OSError, struct.error, ValueError, OverflowError):
        return None


def build_id_of(path: str | os.PathLike[str]) -> str:
    """The build id of an ELF file, "" where it has none or cannot be read."""
    elf = read_elf(path)
    return elf.build_id if elf is not None else ""


def _read(file: BinaryIO) -> Elf | None:
    head = file.read(64)
    if len(head) < 64 or head[:4] != b"\x7fELF" or head[4] not in (1, 2) or head[5] not in (1, 2):
        return None
    is_64, order = head[4] == 2, "<" if head[5] == 1 else ">"
    if is_64:
        (offset,) = struct.unpack_from(f"{order}Q", head, 32)
        size, count = struct.unpack_from(f"{order}HH", head, 54)
    else:
        (offset,) = struct.unpack_from(f"{order}I", head, 28)
        size, count = struct.unpack_from(f"{order}HH", head, 42)
    if size < (56 if is_64 else 32) or size * count > _MOST_HEADERS:
        return None
    file.seek(offset)
    table = file.read(size * count)
    loads: list[tuple[int, int, int]] = []
    notes: list[tuple[int, int]] = []
    for at in range(0, size * count, size):
        if is_64:
            kind, _, place, address, _, length, memory = struct.unpack_from(
                f"{order}IIQQQQQ", table, at
            )
        else:
            kind, place, address, _, length, memory = struct.unpack_from(f"{order}6I", table, at)
        if kind == _LOAD:
            loads.append((place, address, memory))
        elif kind == _NOTE:
            notes.append((place, length))
    base = next((address - place for place, address, _ in sorted(loads)), 0)
    end = max((address + memory for _, address, memory in loads), default=0)
    build_id = ""
    for place, length in notes:
        file.seek(place)
        for kind, name, text in _notes(file.read(min(length, _MOST_NOTES)), order):
            if (kind, name) == (_BUILD_ID, b"GNU\0"):
                build_id = build_id or text.hex()
    return Elf(build_id, max(0, base), end, tuple(loads))


def _notes(data: bytes, order: str) -> Iterator[tuple[int, bytes, bytes]]:
    at = 0
    while at + 12 <= len(data):
        name_size, size, kind = struct.unpack_from(f"{order}III", data, at)
        at += 12
        name, at = data[at : at + name_size], at + (name_size + 3) // 4 * 4
        yield kind, name, data[at : at + size]
        at += (size + 3) // 4 * 4
