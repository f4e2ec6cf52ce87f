"""Columns of numbers as text: LEB128 or binary64, base64, gzip where it pays.

Values are what ``wire/README.md`` allows: whole numbers of at most 2^53 - 1, or finite binary64
numbers. Reading never allocates more than the row count asks for, whatever the bytes claim.
"""

from __future__ import annotations

import binascii
import math
import re
import sys
import zlib
from array import array
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias, cast

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Bytes above which a column is compressed.
GZIP_ABOVE = 65536
#: Most bytes of one value, and so of a row.
VALUE_BYTES = 8
#: What a column that was read is kept in: machine integers or doubles, or the bytes themselves.
Numbers: TypeAlias = "bytes | array[int] | array[float]"

_SAFE = 2**53 - 1
_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}", re.ASCII)
_ENCODINGS = ("uvarint", "zigzag", "f64")


class WireError(ValueError):
    """A payload that is not what the wire format says, or a profile that it cannot hold.

    The message is one sentence for the reader: where, what was expected, what was found.
    """


def encode_column(values: Sequence[float], where: str = "column") -> dict[str, Any]:
    """``{"enc", "data"[, "gz"]}`` of the values.

    Whole numbers go as ``uvarint``, or ``zigzag`` when one is negative; columns with fractions, or
    with whole numbers too large for that, go as ``f64``. Raises :class:`WireError` for a value
    that is not a finite number; ``where`` names the column in the message.
    """
    enc, raw = pack(values, where)
    column: dict[str, Any] = {"enc": enc}
    if len(raw) > GZIP_ABOVE and len(packed := gzipped(raw)) < len(raw):
        raw = packed
        column["gz"] = True
    column["data"] = binascii.b2a_base64(raw, newline=False).decode("ascii")
    return column


def are_machine_integers(values: Sequence[float]) -> bool:
    """Whether the values are in an array of whole numbers: nothing else can be among them."""
    return isinstance(values, array) and values.typecode == "q"


def pack(values: Sequence[float], where: str) -> tuple[str, bytes]:
    """The encoding that fits the values, and their bytes."""
    if not len(values):
        return "uvarint", b""
    # The set of types is found in C and has one element for nearly every column.
    kinds = {int} if are_machine_integers(values) else set(map(type, values))
    if kinds != {int}:
        if not kinds <= {int, float, bool}:
            names = ", ".join(sorted(kind.__name__ for kind in kinds))
            raise WireError(f"{where} holds {names} where numbers are expected")
        if not all(value - value == 0 for value in values):  # inf and nan differ from themselves
            raise WireError(f"{where} holds a value that is not a finite number")
        if not all(value == int(value) for value in values):
            return "f64", _binary64(values, where)
        values = [int(value) for value in values]
    whole = cast("Sequence[int]", values)
    low, high = min(whole), max(whole)
    if low >= 0:
        if high <= _SAFE:
            return "uvarint", _leb128(whole, high)
    else:
        whole = [2 * n if n >= 0 else -2 * n - 1 for n in whole]
        if (high := max(whole)) <= _SAFE:
            return "zigzag", _leb128(whole, high)
    return "f64", _binary64(values, where)


def gzipped(raw: bytes) -> bytes:
    """One gzip member without name and time. Level 6: level 9 takes three times as long for 1 %."""
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    return packer.compress(raw) + packer.flush()


def _binary64(values: Sequence[float], where: str) -> bytes:
    try:
        doubles = array("d", values)
    except OverflowError:
        raise WireError(f"{where} holds a number that binary64 cannot hold") from None
    if sys.byteorder == "big":
        doubles.byteswap()
    return doubles.tobytes()


def _leb128(values: Sequence[int], high: int) -> bytes:
    if high < 0x80:
        # Of an array itself, bytes() would take how the machine keeps it.
        return bytes(values.tolist() if isinstance(values, array) else values)
    if len(values) < 1000:
        out = bytearray()
        for value in values:
            while value > 0x7F:
                out.append(value & 0x7F | 0x80)
                value >>= 7
            out.append(value)
        return bytes(out)
    last, more = _pairs()
    if high < 1 << 14:
        return b"".join(map(last.__getitem__, values))
    if high < 1 << 28:
        return b"".join(
            [last[n] if n < 1 << 14 else more[n & 0x3FFF] + last[n >> 14] for n in values]
        )
    return b"".join(
        [
            last[n]
            if n < 1 << 14
            else more[n & 0x3FFF] + last[n >> 14]
            if n < 1 << 28
            else more[n & 0x3FFF] + more[n >> 14 & 0x3FFF] + last[n >> 28]
            if n < 1 << 42
            else more[n & 0x3FFF] + more[n >> 14 & 0x3FFF] + more[n >> 28 & 0x3FFF] + last[n >> 42]
            for n in values
        ]
    )


@cache
def _pairs() -> tuple[list[bytes], list[bytes]]:
    """LEB128 of every 14-bit number: where the value ends with it, and where more follows."""
    last = [bytes((n,)) for n in range(0x80)]
    last += [bytes((n & 0x7F | 0x80, n >> 7)) for n in range(0x80, 0x4000)]
    more = [bytes((n & 0x7F | 0x80, n >> 7 | 0x80)) for n in range(0x4000)]
    return last, more


def decode_column(column: object, rows: int, where: str) -> Numbers:
    """The ``rows`` numbers of a column. Raises :class:`WireError` with ``where`` in its message."""
    if not isinstance(column, dict):
        raise WireError(f"{where} is no object with enc and data")
    enc, data = column.get("enc"), column.get("data")
    if enc not in _ENCODINGS:
        raise WireError(f"{where} has the encoding {shown(enc)}, which is not known")
    if not isinstance(data, str):
        raise WireError(f"{where} has no text as its data")
    most = rows * VALUE_BYTES
    zipped = column.get("gz", False)
    if not isinstance(zipped, bool):
        raise WireError(f"{where} has a gz that is neither true nor false")
    # Incompressible bytes grow by 5 a 16 kB block and 18 for the gzip member around them.
    if len(data) > (most + most // 1000 + 64 if zipped else most) * 4 // 3 + 4:
        raise WireError(f"{where} has more than {VALUE_BYTES} bytes a row")
    raw = _from_base64(data, where)
    if zipped:
        raw = _gunzip(raw, most, where)
    if len(raw) > most:
        raise WireError(f"{where} has more than {VALUE_BYTES} bytes a row")
    if enc == "f64":
        return _doubles(raw, rows, where)
    values = _integers(raw, rows, where)
    if enc == "zigzag":
        return array("q", [n >> 1 if n & 1 == 0 else -(n >> 1) - 1 for n in values])
    return values


def _from_base64(data: str, where: str) -> bytes:
    if len(data) % 4 or not _BASE64.fullmatch(data):
        raise WireError(f"{where} is not base64")
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        raise WireError(f"{where} is not base64") from None


def _gunzip(data: bytes, most: int, where: str) -> bytes:
    unpacker = zlib.decompressobj(31)
    try:
        raw = unpacker.decompress(data, most + 1)
    except zlib.error:
        raise WireError(f"{where} is not gzip") from None
    if len(raw) > most:
        raise WireError(f"{where} has more than {VALUE_BYTES} bytes a row")
    if not unpacker.eof or unpacker.unused_data:
        raise WireError(f"{where} is not one whole gzip member")
    return raw


def _doubles(raw: bytes, rows: int, where: str) -> array[float]:
    if len(raw) != rows * 8:
        raise WireError(f"{where} has {len(raw) / 8:g} values, its table {rows} rows")
    doubles = array("d")
    doubles.frombytes(raw)
    if sys.byteorder == "big":
        doubles.byteswap()
    if not all(map(math.isfinite, doubles)):
        raise WireError(f"{where} holds a value that is not a finite number")
    return doubles


def _integers(raw: bytes, rows: int, where: str) -> bytes | array[int]:
    if raw.isascii():  # No byte has the bit that says that more follows.
        if len(raw) != rows:
            raise WireError(f"{where} has {len(raw)} values, its table {rows} rows")
        return raw
    if len(raw) < rows:  # before memory is taken for what the table claims to hold
        raise WireError(f"{where} has fewer values than its table has rows ({rows})")
    values = array("q", [0]) * rows
    row = shift = value = 0
    for byte in raw:
        if byte > 0x7F:
            value |= (byte & 0x7F) << shift
            shift += 7
            if shift > 49:
                raise WireError(f"{where}, row {row}: a value of more than {VALUE_BYTES} bytes")
            continue
        value |= byte << shift
        if value > _SAFE:
            raise WireError(f"{where}, row {row}: {value} is above 2^53 - 1")
        if row == rows:
            raise WireError(f"{where} has more values than its table has rows ({rows})")
        values[row] = value
        row += 1
        shift = value = 0
    if shift:
        raise WireError(f"{where} ends in the middle of a value")
    if row != rows:
        raise WireError(f"{where} has {row} values, its table {rows} rows")
    return values


def shown(value: object) -> str:
    """A value from a payload, short enough for a sentence."""
    if isinstance(value, int) and not -(10**18) < value < 10**18:
        return "a number of more than 18 digits"
    if isinstance(value, int | float | str):
        text = ascii(value)
        return text if len(text) <= 40 else text[:37] + "..."
    names = {dict: "an object", list: "a list", type(None): "nothing"}
    return names.get(type(value), f"a {type(value).__name__}")
