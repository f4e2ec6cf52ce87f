"""Bytes of a file, taken out of gzip or bzip2 where they are packed: by content, and bounded."""

from __future__ import annotations

import bz2
import zlib

from .badfile import BadFileError

#: Bytes of a file that is read, packed and unpacked.
MOST_BYTES = 256_000_000

_PIECE = 1 << 20


def unpacked(data: bytes) -> bytes:
    """The data itself, or what gzip or bzip2 have packed in it, all members of it.

    Raises :class:`BadFileError`, whose byte is one of the packed file.
    """
    if data[:2] == b"\x1f\x8b":
        return _unpack(data, _Gzip, "gzip", b"\x1f\x8b")
    if data[:3] == b"BZh" and data[4:10] in (b"1AY&SY", b"\x17rE8P\x90"):
        return _unpack(data, _Bzip2, "bzip2", b"BZh")
    return data


class _Gzip:
    """One member: ``take`` gives a piece of what is packed, and how many bytes went into it."""

    def __init__(self) -> None:
        self._unpacker = zlib.decompressobj(31)

    @property
    def is_done(self) -> bool:
        return self._unpacker.eof

    def take(self, data: bytes) -> tuple[bytes, int]:
        piece = self._unpacker.decompress(data, _PIECE)
        if self._unpacker.eof:
            return piece, len(data) - len(self._unpacker.unused_data)
        return piece, len(data) - len(self._unpacker.unconsumed_tail)


class _Bzip2:
    """The same for bzip2."""

    def __init__(self) -> None:
        self._unpacker = bz2.BZ2Decompressor()

    @property
    def is_done(self) -> bool:
        return self._unpacker.eof

    def take(self, data: bytes) -> tuple[bytes, int]:
        given = data if self._unpacker.needs_input else b""
        piece = self._unpacker.decompress(given, _PIECE)
        return piece, len(given) - len(self._unpacker.unused_data)


def _unpack(data: bytes, new: type[_Gzip | _Bzip2], what: str, magic: bytes) -> bytes:
    out = bytearray()
    at = 0
    while data.startswith(magic, at):
        unpacker = new()
        while not unpacker.is_done:
            try:
                piece, used = unpacker.take(data[at : at + _PIECE])
            except (zlib.error, OSError, ValueError) as error:
                raise BadFileError(at, f"what is packed by {what} is damaged: {error}") from None
            at += used
            out += piece
            if len(out) > MOST_BYTES:
                raise BadFileError(
                    at, f"unpacked, the file has more than {MOST_BYTES} bytes, and no more are read"
                )
            if not piece and not used and not unpacker.is_done:
                raise BadFileError(at, f"the file ends inside of what is packed by {what}")
    # Some writers fill up with zeros.
    if data[at:].strip(b"\0"):
        raise BadFileError(at, f"something else stands behind what is packed by {what}")
    return bytes(out)
