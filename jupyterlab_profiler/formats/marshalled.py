"""Marshalled data, as cProfile writes it, read within bounds (CPython's ``Python/marshal.c``).

``marshal.load`` trusts what it reads: it crashes on some files, and builds code objects of others.
This reads formats 0 to 5, of Python 2.7 and 3: no code object is made, nothing is hashed, and there
is never more than the file has bytes for.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Any, Final

from .badfile import BadFileError

#: Containers in containers. Tables have 3; consts of a code object some more.
MOST_DEPTH = 200
#: Values of a file. A row of a table is about ten.
MOST_VALUES = 1 << 24


class Pairs(list[tuple[Any, Any]]):
    """A dict as it stands in the file: pairs of key and value. ``places``: the byte of each key."""

    def __init__(self, items: list[Any], places: list[int]) -> None:
        super().__init__(zip(items[::2], items[1::2], strict=True))
        self.places = places


@dataclass(frozen=True, slots=True)
class Code:
    """What is kept of a code object."""

    name: str
    file: str
    line: int

    def __str__(self) -> str:
        return f'<code object {self.name}, file "{self.file}", line {self.line}>'


class _Unread:
    """Stands for a value that nobody needs, and for one that is not complete yet."""


@dataclass(slots=True)
class _Open:
    """A container whose items are being read. ``left``: how many are to come; of a dict, -1."""

    kind: int
    left: int
    reference: int | None
    items: list[Any] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    line: int = 0


UNREAD: Final = _Unread()
_OPENED: Final = _Unread()
_END: Final = _Unread()

_REFERENCED = 0x80
_CONSTANTS: dict[int, Any] = {
    ord("N"): None,
    ord("T"): True,
    ord("F"): False,
    ord("S"): UNREAD,
    ord("."): UNREAD,
}
_DICT, _CODE, _SLICE, _SMALL_TUPLE, _TUPLE = (ord(char) for char in "{c:)(")
#: Containers with a length of four bytes: tuple, list, set, frozenset.
_COUNTED = tuple(ord(char) for char in "([<>")
#: Bytes of a text's length.
_TEXTS = {ord("z"): 1, ord("Z"): 1, ord("a"): 4, ord("A"): 4, ord("u"): 4, ord("t"): 4}
_BYTES, _INTERNED = ord("s"), ord("t")
#: Objects of a code object before its first line: code, consts, names, three more of which the
#: second is bytes since 3.11, and names.
_BEFORE_LINE = 8
#: 15-bit digits of an integer that is read.
_MOST_DIGITS = 16


def read(data: bytes) -> tuple[Any, int]:
    """The first value of the data, and the byte behind it. Raises :class:`BadFileError`.

    Texts are str, those of Python 2 too; dicts are :class:`Pairs`, lists and sets list, code
    objects :class:`Code`; what no profile holds is ``UNREAD``.
    """
    reader = _Reader(data)
    return reader.run(), reader.at


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0
        self._references: list[Any] = []
        self._interned: list[str] = []
        self._open: list[_Open] = []
        self._values = 0

    def run(self) -> Any:
        while True:
            start = self.at
            value = self._next()
            while value is not _OPENED:
                if value is _END:
                    value = self._close_dict(start)
                if not self._open:
                    return value
                top = self._open[-1]
                if top.kind == _DICT and len(top.items) % 2 == 0:
                    top.places.append(start)
                top.items.append(value)
                top.left -= 1
                if top.kind == _CODE and len(top.items) == _BEFORE_LINE:
                    top.line = self._long()
                    top.left = 2 if type(top.items[4]) is bytes else 1
                if top.left:
                    break
                value = self._close(self._open.pop())

    def _next(self) -> Any:
        """Read a value that is no container, or open one."""
        start = self.at
        self._values += 1
        if self._values > MOST_VALUES:
            raise BadFileError(start, f"the file holds more than {MOST_VALUES} values")
        byte = self._byte()
        kind = byte & ~_REFERENCED
        if byte == ord("0"):
            return _END
        if kind == ord("r"):
            return self._reference(start)
        reference = None
        if byte & _REFERENCED:
            reference = len(self._references)
            self._references.append(UNREAD)
        value = self._value(kind, start)
        if value is _OPENED:
            return self._begin(kind, start, reference)
        if reference is not None:
            self._references[reference] = value
        return value

    def _value(self, kind: int, start: int) -> Any:
        """A value that is no container; ``_OPENED`` for one that is."""
        if kind in _CONSTANTS:
            return _CONSTANTS[kind]
        if kind == ord("i"):
            return self._long()
        if kind == ord("I"):
            return int.from_bytes(self._take(8), "little", signed=True)
        if kind == ord("l"):
            return self._big()
        if kind == ord("g"):
            return struct.unpack("<d", self._take(8))[0]
        if kind == ord("f"):
            return self._float_text(start)
        if kind in (ord("x"), ord("y")):
            for _ in range(2):
                self._take(self._byte() if kind == ord("x") else 8)
            return UNREAD
        if kind == _BYTES:
            return self._take(self._length())
        if kind in _TEXTS:
            text = text_of(self._take(self._byte() if _TEXTS[kind] == 1 else self._length()))
            if kind == _INTERNED:
                self._interned.append(text)
            return text
        if kind == ord("R"):
            number = self._long()
            if not 0 <= number < len(self._interned):
                raise BadFileError(start, "a text is repeated that was not there before")
            return self._interned[number]
        return _OPENED

    def _begin(self, kind: int, start: int, reference: int | None) -> Any:
        """Open a container. One without items is complete at once."""
        if kind == _DICT:
            count = -1
        elif kind == _CODE:
            self._head(start)
            count = -1
        elif kind == _SLICE:
            count = 3
        elif kind == _SMALL_TUPLE:
            count = self._byte()
        elif kind in _COUNTED:
            count = self._length()
        else:
            raise BadFileError(start, f"{kind:02x} is no type of marshalled data")
        opened = _Open(kind, count, reference)
        if not count:
            return self._close(opened)
        if len(self._open) >= MOST_DEPTH:
            raise BadFileError(start, f"more than {MOST_DEPTH} containers are in one another")
        self._open.append(opened)
        return _OPENED

    def _close_dict(self, start: int) -> Any:
        if not self._open or self._open[-1].kind != _DICT:
            raise BadFileError(start, "a dict ends where none is open")
        opened = self._open.pop()
        if len(opened.items) % 2:
            raise BadFileError(start, "a dict ends behind a key without a value")
        return self._close(opened)

    def _close(self, opened: _Open) -> Any:
        value: Any
        if opened.kind in (_TUPLE, _SMALL_TUPLE):
            value = tuple(opened.items)
        elif opened.kind == _DICT:
            value = Pairs(opened.items, opened.places)
        elif opened.kind == _CODE:
            # The file, then the name, behind three containers; since 3.11 behind one and bytes.
            at = 5 if type(opened.items[4]) is bytes else 6
            file, name = (_text(item) for item in opened.items[at : at + 2])
            value = Code(name, file, opened.line)
        elif opened.kind == _SLICE:
            value = UNREAD
        else:
            value = opened.items
        if opened.reference is not None:
            self._references[opened.reference] = value
        return value

    def _head(self, start: int) -> None:
        """The numbers that begin a code object: 4 of them in 2.7, 5 or 6 later."""
        for count in (4, 5, 6):
            at = self.at + 4 * count
            kind, number = self._data[at : at + 1], self._data[at + 1 : at + 5]
            if len(number) < 4:
                break
            found = int.from_bytes(number, "little", signed=True)
            most = len(self._references) - 1 if kind == b"r" else len(self._data) - at - 5
            if kind in (b"s", b"\xf3", b"r") and 0 <= found <= most:
                self._take(4 * count)
                return
        raise BadFileError(start, "a code object is not as any known Python writes it")

    def _reference(self, start: int) -> Any:
        number = self._long()
        if not 0 <= number < len(self._references):
            raise BadFileError(start, "a value is repeated that was not there before")
        return self._references[number]

    def _big(self) -> Any:
        count = self._long()
        digits = self._take(2 * abs(count))
        if abs(count) > _MOST_DIGITS:
            return UNREAD
        number = 0
        for (digit,) in reversed(list(struct.iter_unpack("<H", digits))):
            number = number << 15 | digit
        return -number if count < 0 else number

    def _float_text(self, start: int) -> float:
        text = self._take(self._byte())
        try:
            return float(text)
        except ValueError:
            raise BadFileError(start, "a number is not one") from None

    def _long(self) -> int:
        return int.from_bytes(self._take(4), "little", signed=True)

    def _length(self) -> int:
        at, length = self.at, self._long()
        # An item of a container has a byte at least.
        if not 0 <= length <= len(self._data) - self.at:
            raise BadFileError(
                at, f"a length is {length}, and {len(self._data) - self.at} bytes are left"
            )
        return length

    def _byte(self) -> int:
        return self._take(1)[0]

    def _take(self, count: int) -> bytes:
        left = len(self._data) - self.at
        if count > left:
            raise BadFileError(
                self.at, f"the file ends: {count} bytes were expected, {left} are left"
            )
        self.at += count
        return self._data[self.at - count : self.at]


def text_of(data: bytes) -> str:
    """Bytes as text. What is no UTF-8 is kept as Python keeps it in names of files."""
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data.decode("utf-8", "surrogateescape")


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return text_of(value)
    return value if isinstance(value, str) else "?"
