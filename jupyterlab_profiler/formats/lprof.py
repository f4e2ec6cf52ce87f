"""Files of line_profiler and kernprof (``.lprof``): a pickle of one object, of its versions 2 to 5.

Unpickling runs what a file says. So this reads the few instructions that such a file consists of,
and nothing else: no name is looked up, no object made but texts, numbers, tuples, lists and dicts.
"""

from __future__ import annotations

import inspect
import re
import struct
import tokenize
from dataclasses import replace
from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any

from ..collect.filetext import runs_of
from ..linestats import LineStats
from ..model import (
    HITS,
    TIME,
    Engine,
    File,
    Function,
    Meta,
    Origin,
    Profile,
    Source,
    Table,
    Thread,
    Warned,
)
from .badfile import BadFileError
from .contents import label_of, naming
from .files import write_whole

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from ..linestats import Timing
    from .contents import Contents

#: Bytes of a file that is read.
MOST_BYTES = 256_000_000

#: The class of the object, by version.
VERSIONS = {
    ("_line_profiler", "LineStats"): "2",
    ("line_profiler._line_profiler", "LineStats"): "3 to 5.0.0",
    ("line_profiler.line_profiler", "LineStats"): "5.0.1 or newer",
}
CLASSES = tuple(VERSIONS)
#: Until version 3 times were counted in microseconds.
_UNIT_OF_3 = 1e-6
_VERSION_4 = "4 or 5.0.0"
_HITS = Warned(
    "hits",
    "This file is of line_profiler 4 or 5.0.0. Version 4.0 on Python 3.11 counts too few hits of "
    "some lines, and nothing in the file tells that version from the others.",
)


def read(data: bytes) -> LineStats:
    """What a file holds. Raises :class:`BadFileError`."""
    return _read(data)[0]


def _read(data: bytes) -> tuple[LineStats, str, int]:
    """What a file holds, the version that wrote it, and how many bytes lie behind it."""
    if len(data) > MOST_BYTES:
        raise BadFileError(MOST_BYTES, f"{len(data)} bytes are more than are read, {MOST_BYTES}")
    reader = _Reader(data)
    found = reader.run()
    stats = _stats(found, len(data))
    version = VERSIONS[found.of.name]
    if version == "3 to 5.0.0":
        version = "3" if stats.unit == _UNIT_OF_3 else _VERSION_4
    return stats, version, reader.left


def sniff(file: Contents) -> bool:
    """Whether a file is a pickle that begins with the name of the one class that is read."""
    head = file.data[:200]
    return head[:1] == b"\x80" and b"line_profiler" in head and b"LineStats" in head


def read_files(files: Sequence[Contents]) -> Profile:
    """The profile in files, added as line_profiler does."""
    found = []
    versions = set()
    warnings = []
    for file in files:
        with naming(file.path):
            stats, version, rest = _read(file.data)
        found.append(stats)
        versions.add(version)
        if rest:
            text = f"{file.name}: {rest} bytes behind the end of the profile were not read."
            warnings.append(Warned("rest", text))
    if _VERSION_4 in versions:
        warnings.insert(0, _HITS)
    profile = to_profile(reduce(add, found), label_of(files))
    profile.meta.warnings += warnings
    if len(versions) == 1:
        profile.meta.engine = Engine("line_profiler", *versions)
    return profile


class _Class:
    """Stands for the one class that a file may name, of some version."""

    def __init__(self, name: tuple[str, str]) -> None:
        self.name = name


class _Object:
    """Stands for an instance of it."""

    def __init__(self, of: _Class) -> None:
        self.of = of
        self.state: Any = None


class _Mark:
    """Where the items of a container begin on the stack."""


_MARK = _Mark()

# The instructions that are run, by their byte (CPython's Lib/pickletools.py).
_STOP, _FRAME, _MEMOIZE, _GLOBAL, _STACK_GLOBAL = 0x2E, 0x95, 0x94, 0x63, 0x93
_LONG1, _BINFLOAT, _NEWOBJ, _BUILD = 0x8A, 0x47, 0x81, 0x62
_MARKED, _TUPLE, _APPEND, _APPENDS, _SETITEM, _SETITEMS = 0x28, 0x74, 0x61, 0x65, 0x73, 0x75
_CONSTANTS = {0x4E: None, 0x88: True, 0x89: False}
#: Bytes of an integer, and whether it may be below 0.
_INTEGERS = {0x4B: (1, False), 0x4D: (2, False), 0x4A: (4, True)}
#: Bytes of a text's length. The first two are texts of Python 2.
_TEXTS = {
    0x55: (1, "latin-1"),
    0x54: (4, "latin-1"),
    0x8C: (1, "utf-8"),
    0x58: (4, "utf-8"),
    0x8D: (8, "utf-8"),
}
#: Items of a tuple.
_TUPLES = {0x29: 0, 0x85: 1, 0x86: 2, 0x87: 3}
_EMPTY: dict[int, type[list[Any] | dict[Any, Any]]] = {0x5D: list, 0x7D: dict}
#: Bytes of a place in the memo.
_PUTS, _GETS = {0x71: 1, 0x72: 4}, {0x68: 1, 0x6A: 4}

#: Dicts of a file, which has one for the object and one for all functions.
_MOST_DICTS = 1000
#: Open containers, of which a file has 5.
_MOST_MARKS = 1000
#: Instructions: five a line.
_MOST_INSTRUCTIONS = 1 << 23

#: Bytes of the largest integer: times and hits are 64-bit numbers.
_MOST_INTEGER = 16


class _Reader:
    """Runs the instructions of a pickle of protocol 2 to 5.

    Each takes a byte at least and makes one thing at most. No more is made than the file is long,
    nor than a profile has, as a thing takes many times its byte.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        #: Where the instruction stands that is run.
        self._from = 0
        self._stack: list[Any] = []
        self._memo: dict[int, Any] = {}
        self._dicts = self._marks = 0

    @property
    def left(self) -> int:
        """How many bytes are left."""
        return len(self._data) - self._at

    def run(self) -> _Object:
        if self._byte() != 0x80:
            raise BadFileError(0, "this is no file of line_profiler: its first byte would be 80")
        if not 2 <= self._byte() <= 5:
            raise BadFileError(
                1, "this is no file of line_profiler: its second byte would be 2 to 5"
            )
        count = 0
        while True:
            count += 1
            self._from = self._at
            if count > _MOST_INSTRUCTIONS:
                raise self._bad(f"more than {_MOST_INSTRUCTIONS} instructions are not run")
            code = self._byte()
            if code == _STOP:
                found = self._pop()
                if not isinstance(found, _Object):
                    raise self._bad("the file holds no object of line_profiler")
                return found
            if not (self._value(code) or self._container(code) or self._instance(code)):
                raise self._bad(f"the instruction {code:02x} is none that line_profiler writes")

    def _value(self, code: int) -> bool:
        """Run an instruction that makes a value, or repeats one."""
        if code in _CONSTANTS:
            self._stack.append(_CONSTANTS[code])
        elif code in _INTEGERS:
            size, signed = _INTEGERS[code]
            self._stack.append(int.from_bytes(self._bytes(size), "little", signed=signed))
        elif code == _LONG1:
            size = self._byte()
            if size > _MOST_INTEGER:
                raise self._bad(f"an integer of {size} bytes is none that was measured")
            self._stack.append(int.from_bytes(self._bytes(size), "little", signed=True))
        elif code == _BINFLOAT:
            self._stack.append(struct.unpack(">d", self._bytes(8))[0])
        elif code in _TEXTS:
            size, encoding = _TEXTS[code]
            text = self._bytes(int.from_bytes(self._bytes(size), "little"))
            # Bytes of a file's name that are no UTF-8 are kept as surrogates.
            errors = "surrogatepass" if encoding == "utf-8" else "strict"
            try:
                self._stack.append(text.decode(encoding, errors))
            except UnicodeDecodeError:
                raise self._bad("a text is no UTF-8") from None
        elif code in _GETS:
            key = int.from_bytes(self._bytes(_GETS[code]), "little")
            if key not in self._memo:
                raise self._bad("something is repeated that was not there before")
            self._stack.append(self._memo[key])
        elif code in _PUTS:
            self._keep(int.from_bytes(self._bytes(_PUTS[code]), "little"))
        elif code == _MEMOIZE:
            self._keep(len(self._memo))
        else:
            return False
        return True

    def _container(self, code: int) -> bool:
        """Run an instruction that makes or fills a container."""
        if code == _MARKED:
            self._marks += 1
            if self._marks > _MOST_MARKS:
                raise self._bad(f"more than {_MOST_MARKS} containers are in one another")
            self._stack.append(_MARK)
        elif code in _EMPTY:
            made = _EMPTY[code]()
            self._dicts += isinstance(made, dict)
            if self._dicts > _MOST_DICTS:
                raise self._bad(f"more than {_MOST_DICTS} dicts are none of a profile")
            self._stack.append(made)
        elif code in _TUPLES:
            self._stack.append(tuple(self._several(_TUPLES[code])))
        elif code == _TUPLE:
            self._stack.append(tuple(self._marked()))
        elif code in (_APPEND, _APPENDS):
            items = self._several(1) if code == _APPEND else self._marked()
            self._top(list, "a list").extend(items)
        elif code in (_SETITEM, _SETITEMS):
            items = self._several(2) if code == _SETITEM else self._marked()
            if len(items) % 2:
                raise self._bad("a key has no value")
            filled = self._top(dict, "a dict")
            for key, value in zip(items[::2], items[1::2], strict=True):
                if not _is_key(key):
                    raise self._bad("a key is neither a text nor the place of a function")
                filled[key] = value
        else:
            return False
        return True

    def _instance(self, code: int) -> bool:
        """Run an instruction of the object's, and FRAME, which says nothing."""
        if code == _FRAME:
            self._bytes(8)
        elif code in (_GLOBAL, _STACK_GLOBAL):
            named = [self._line(), self._line()] if code == _GLOBAL else self._several(2)
            name = (named[0], named[1])
            if name not in CLASSES:
                raise self._bad("the file names something else than line_profiler's LineStats")
            self._stack.append(_Class(name))
        elif code == _NEWOBJ:
            if self._pop() != ():
                raise self._bad("the object is made with arguments")
            self._stack[-1] = _Object(self._top(_Class, "a class"))
        elif code == _BUILD:
            state = self._pop()
            self._top(_Object, "an object").state = state
        else:
            return False
        return True

    def _bad(self, reason: str) -> BadFileError:
        return BadFileError(self._from, reason)

    def _bytes(self, length: int) -> bytes:
        left = len(self._data) - self._at
        if length > left:
            raise BadFileError(
                self._at, f"the file ends: {length} bytes were expected, {left} are left"
            )
        self._at += length
        return self._data[self._at - length : self._at]

    def _byte(self) -> int:
        return self._bytes(1)[0]

    def _line(self) -> str:
        end = self._data.find(b"\n", self._at, self._at + 200)
        if end < 0:
            raise self._bad("a name has no end")
        text = self._bytes(end - self._at)
        self._at += 1
        return text.decode("latin-1")

    def _keep(self, key: int) -> None:
        self._memo[key] = self._pop()
        self._stack.append(self._memo[key])

    def _pop(self) -> Any:
        if not self._stack or self._stack[-1] is _MARK:
            raise self._bad("an instruction lacks what it is about")
        return self._stack.pop()

    def _several(self, count: int) -> list[Any]:
        return [self._pop() for _ in range(count)][::-1]

    def _marked(self) -> list[Any]:
        """What stands above the last mark."""
        for place in range(len(self._stack) - 1, -1, -1):
            if self._stack[place] is _MARK:
                items = self._stack[place + 1 :]
                del self._stack[place:]
                self._marks -= 1
                return items
        raise self._bad("a container has no begin")

    def _top(self, kind: type, what: str) -> Any:
        if not self._stack or type(self._stack[-1]) is not kind:
            raise self._bad(f"{what} was expected")
        return self._stack[-1]


def _is_key(key: object) -> bool:
    """Whether this may be hashed: a text, or a short tuple of texts and numbers."""
    if type(key) is tuple:
        return len(key) <= 3 and all(type(part) in (str, int) for part in key)
    return type(key) is str


def _stats(found: _Object, length: int) -> LineStats:
    """The lines that an object holds; ``length`` of the file in bytes."""
    state = found.state
    if type(state) is not dict:
        raise BadFileError(length, "the object of line_profiler has no content")
    unit, timings = state.get("unit"), state.get("timings")
    if not isinstance(unit, (int, float)) or not 0 < unit < 1e6:
        raise BadFileError(length, "the time unit is no number of seconds")
    if type(timings) is not dict:
        raise BadFileError(length, "there are no timings")
    stats = LineStats({}, float(unit))
    count = 0
    for place, lines in timings.items():
        if not _is_place(place) or type(lines) is not list:
            raise BadFileError(length, f"entry {count} is no function with its lines")
        # One list may be repeated without taking room in the file.
        count += len(lines) + 1
        if count > length:
            raise BadFileError(length, "the same lines stand there again and again")
        stats.timings[place] = [_timing(line, length) for line in lines]
    return stats


def _is_place(place: object) -> bool:
    return (
        type(place) is tuple
        and [type(part) for part in place] == [str, int, str]
        and 0 <= place[1] < 2**31
    )


def _timing(line: object, length: int) -> Timing:
    if type(line) is tuple and len(line) == 3:
        number, hits, time = line
        if (
            type(number) is int
            and type(hits) is int
            and type(time) in (int, float)
            and 0 <= number < 2**31
            and 0 <= hits < 2**63
            and abs(time) < 2**63  # also refuses what is no number
        ):
            return number, hits, time
    raise BadFileError(length, "what stands for a line is not its number, hits and time")


def write(stats: LineStats) -> bytes:
    """A file that line_profiler reads, 5.0.1 and newer."""
    out = bytearray(b"\x80\x04")
    for text in CLASSES[-1]:
        out += _text(text)
    out += bytes([_STACK_GLOBAL, 0x29, _NEWOBJ, 0x7D, _MARKED])
    out += _text("timings") + bytes([0x7D])
    for (path, first, name), lines in stats.timings.items():
        out += _text(path) + _integer(first) + _text(name) + bytes([0x87, 0x5D, _MARKED])
        for number, hits, time in lines:
            value = _integer(time) if isinstance(time, int) else _float(time)
            out += _integer(number) + _integer(hits) + value + bytes([0x87])
        out += bytes([_APPENDS, _SETITEM])
    out += _text("unit") + _float(stats.unit) + bytes([_SETITEMS, _BUILD, _STOP])
    return bytes(out)


def _text(text: str) -> bytes:
    data = text.encode("utf-8", "surrogatepass")
    return bytes([0x58]) + struct.pack("<I", len(data)) + data


def _float(number: float) -> bytes:
    return bytes([_BINFLOAT]) + struct.pack(">d", number)


def _integer(number: int) -> bytes:
    data = number.to_bytes(number.bit_length() // 8 + 1, "little", signed=True)
    return bytes([_LONG1, len(data)]) + data


def write_lprof(profile: Profile, path: str | os.PathLike[str]) -> None:
    """Write the lines of a profile. Raises ``ValueError`` where it has none, ``OSError``."""
    write_whole(path, dump_lprof(profile))


def dump_lprof(profile: Profile) -> bytes:
    """What such a file holds. Raises ``ValueError`` where the profile has no times of lines."""
    lines = profile.lines
    if not lines.rows:
        raise ValueError("this profile has no times of lines, which is what an .lprof file holds")
    if "self.hits" not in lines or not {"self.time", "total.time"} & set(lines):
        raise ValueError("this profile has no hits of lines, which is what an .lprof file holds")
    from ..linereport import line_stats

    return write(line_stats(profile))


def to_profile(stats: LineStats, label: str = "") -> Profile:
    """The profile of a file's statistics, with the text of its functions where that is at hand."""
    from ..collect.files import NO_CELLS, describe
    from ..collect.filetext import Reader

    files: dict[str, int] = {}
    described: list[File] = []
    functions: list[Function] = []
    sources: list[Source] = []
    columns: dict[str, list[float]] = {
        "file": [],
        "line": [],
        "function": [],
        "self.hits": [],
        "total.time": [],
    }
    for (path, first, name), timings in stats.timings.items():
        if path not in files:
            files[path] = len(described)
            described.append(describe(path, NO_CELLS))
        functions.append(Function(name.rpartition(".")[2], name, files[path], first))
        for line, hits, time in timings or [(first, 0, 0.0)]:
            row = (files[path] + 1, line, len(functions), hits, time)
            for column, value in zip(columns.values(), row, strict=True):
                column.append(value)
    reader = Reader()
    for file, path in enumerate(files):
        text = reader.read(path) if path.endswith((".py", ".pyw")) else None
        if text is not None:
            ours = [function for function in functions if function.file == file]
            sources += _texts(file, text.lines, ours)
    return Profile(
        meta=Meta(label=label, source=Origin("file"), engine=Engine("line_profiler")),
        metrics=[replace(TIME, tick=stats.unit * 1e9), HITS],
        files=described,
        functions=functions,
        threads=[Thread("all threads")],
        lines=Table(columns),
        sources=sources,
    )


def _texts(file: int, lines: list[str], functions: list[Function]) -> list[Source]:
    """The text of the functions that stand where the profile says; a file may have changed.

    Of what else a file holds nothing is shown: its name is told by whoever wrote the profile.
    """
    wanted: set[int] = set()
    for function in functions:
        try:
            block = inspect.getblock(lines[max(function.line - 1, 0) :])
        except (SyntaxError, tokenize.TokenError):
            continue
        if re.search(rf"\b(?:def|class)\s+{re.escape(function.name)}\b", "".join(block)):
            wanted.update(range(function.line, function.line + len(block)))
    return [
        Source(file, first, "".join(lines[first - 1 : last])) for first, last in runs_of(wanted)
    ]
