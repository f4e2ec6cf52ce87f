"""What an ELF file tells of itself: its build id, and the address that it is linked for."""

from __future__ import annotations

import contextlib
import os
import stat
import struct
from bisect import bisect_right
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Bytes of the tables and of notes that are read.
_MOST_HEADERS, _MOST_NOTES = 1 << 20, 1 << 16
_LOAD, _NOTE, _BUILD_ID = 1, 4, 3
#: Bytes of tables of symbols and of their names; kinds of tables, and of symbols that are code.
_MOST_SYMBOLS, _TABLES, _CODE = 1 << 28, (2, 11), (2, 10)


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


class Symbols:
    """The names of functions in an ELF file by their addresses, all of them where several are one.

    None where it has no such table, or it cannot be read. ``is_full``: it was stripped of none.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._at: dict[int, tuple[int, set[str]]] = {}
        self.is_full = False
        with (
            contextlib.suppress(OSError, struct.error, ValueError, OverflowError),
            open(path, "rb") as file,
        ):
            for kind, begin, size, name in _symbols(file):
                end, names = self._at.get(begin, (0, set()))
                self._at[begin] = max(end, begin + size), {*names, name}
                self.is_full |= kind == _TABLES[0]
        self._begins = sorted(self._at)

    def names(self, address: int) -> set[str]:
        """What the function at an address is called, mangled; nothing where none is known."""
        at = bisect_right(self._begins, address) - 1
        begin = self._begins[at] if at >= 0 else 0
        end, names = self._at.get(begin, (0, set[str]()))
        # What is written in assembler may not tell its size.
        return names if address < end or begin == end else set()


def _symbols(file: BinaryIO) -> Iterator[tuple[int, int, int, str]]:
    head = file.read(64)
    if len(head) < 64 or head[:4] != b"\x7fELF":
        return
    is_64, order = head[4] == 2, "<" if head[5] == 1 else ">"
    (offset,) = struct.unpack_from(f"{order}{'Q' if is_64 else 'I'}", head, 40 if is_64 else 32)
    size, count = struct.unpack_from(f"{order}HH", head, 58 if is_64 else 46)
    if size < (64 if is_64 else 40) or size * count > _MOST_HEADERS:
        return
    file.seek(offset)
    table = file.read(size * count)
    # Of each section its kind, its place, its length, and the section of its names.
    layout = f"{order}4xI16xQQI" if is_64 else f"{order}4xI8xIII"
    sections = [struct.unpack_from(layout, table, at) for at in range(0, size * count, size)]
    for kind, place, length, link in sections:
        if kind not in _TABLES or link >= len(sections):
            continue
        texts = _part(file, *sections[link][1:3])
        for entry in struct.iter_unpack(
            f"{order}IBxHQQ" if is_64 else f"{order}IIIBxH", _part(file, place, length)
        ):
            name, info, section, begin, memory = (
                entry if is_64 else (*entry[:1], *entry[3:], *entry[1:3])
            )
            if info & 15 in _CODE and section:
                end = texts.find(b"\0", name)
                yield kind, begin, memory, texts[name:end].decode("utf-8", "replace")


def _part(file: BinaryIO, place: int, length: int) -> bytes:
    if length > _MOST_SYMBOLS:
        raise ValueError(length)
    file.seek(place)
    return file.read(length)


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
