"""Parses dumps of igprof: a call tree in pre-order, a node a line, with its address and counters.

``src/formats/igprof.ts`` has the same grammar. What is read stays as it was written: no function is
left out, and names are mangled. :mod:`.igprof` makes a profile of it, :mod:`..igprof` a report.
"""

from __future__ import annotations

import re
from array import array
from typing import NamedTuple

from .badfile import BadFileError, shown
from .stacks import NONE
from .textlines import MOST_LINE

_N = rb"[0-9a-f]{1,16}"
_HEAD = re.compile(rb"P=\((?:HEX )?ID=[0-9a-f]+ N=\(")
_HEADER = re.compile(rb"P=\((HEX )?ID=" + _N + rb" N=\((.*)\) T=(\d{1,9}(?:\.\d{1,12})?)\)\r?\n?")
_NODE = re.compile(rb"C(%b) FN(%b)(?:\+(-?%b)|=\(F(%b))" % (_N, _N, _N, _N))
_OFFSET = re.compile(rb"\+(-?%b) N=\(" % _N)
_END = re.compile(rb"\)\)\+(-?%b)" % _N)
_COUNTER = re.compile(
    rb" V(%b)(?:=\(([A-Za-z_0-9]{1,60})\))?:\((%b),(%b),(%b)\)" % (_N, _N, _N, _N)
)
_RESOURCE = re.compile(rb";LK=\(0x%b,%b\)" % (_N, _N))
#: A line as most are: of a place that is known, with counters that are. Numbers are below 2**53.
_PLAIN = re.compile(
    rb"(?<=\n)C([0-9a-f]{1,6}) FN([0-9a-f]{1,12}\+[0-9a-f]{1,12})"
    rb"((?: V[0-9a-f]:\([0-9a-f,]+\)){0,4})\r?\n"
)
_PLAIN_COUNTER = re.compile(rb" V([0-9a-f]):\(([0-9a-f]{1,13}),([0-9a-f]{1,13}),([0-9a-f]{1,13})\)")
_DEPTH = re.compile(rb"C(%b)" % _N)

_MOST = 2**53
#: Counters of a dump, and levels that are filled in where lines are lost.
_MOST_COUNTERS, _MOST_MISSING = 64, 1000
#: Lines of all dumps together, of which many may be of one node.
_MOST_LINES = 1 << 24
#: Texts of counters that are kept parsed.
_MOST_KEPT = 50_000


class Symbol(NamedTuple):
    """A function as a dump names it, and the object that it lies in ("": generated code)."""

    name: str
    path: str


#: What a node stands for of which the file has no definition, or no longer.
LOST = Symbol("(lost)", "")


class Place(NamedTuple):
    """An address in an object, and the number of the function there."""

    symbol: int
    address: int


class _Definition(NamedTuple):
    """What a line says of a place: its number, its offset in the function, and what it is.

    ``end``: the byte behind it.
    """

    number: int
    offset: int
    file: int
    path: str
    name: str
    address: int
    end: int


class Counter:
    """A counter: lines that have it, and there its value, the events it is made of, its peak."""

    def __init__(self) -> None:
        self.lines = array("q")
        self.values = array("q")
        self.counts = array("q")
        self.peaks = array("q")


class Dumps:
    """The lines of dumps, one after the other. Each stands below an earlier one, or below none."""

    def __init__(self) -> None:
        self.program: str | None = None
        self.parents = array("q")
        self.places = array("q")
        #: What lines are at, and the functions there, by their numbers.
        self.known: list[Place] = []
        self.symbols: list[Symbol] = []
        self.counters: dict[str, Counter] = {}
        #: Of each dump its first line, and the length of its ticks in ns.
        self.periods: list[tuple[int, int]] = []
        self.lost = self.moved = self.undefined = self.resources = 0
        self._numbers: dict[Place, int] = {}
        self._symbols: dict[Symbol, int] = {}
        self._start(b"P=(ID=0 N=() T=0)")
        self.periods.clear()

    @staticmethod
    def known_by(data: bytes) -> bool:
        """Whether a file begins with a dump's header."""
        return _HEAD.match(data) is not None

    @property
    def period(self) -> int:
        """The length of a tick in ns, of the first dump; 0 where nothing ticks."""
        return next((period for _, period in self.periods if period), 0)

    def read(self, data: bytes) -> None:
        """Add the lines of a file."""
        first = data[: data.find(b"\n", 0, MOST_LINE) + 1 or MOST_LINE]
        if not self._start(first):
            text = shown(first.decode("utf-8", "replace").rstrip("\r\n"))
            text = text if first else "an empty file"
            raise BadFileError(0, f"the first line of an igprof dump was expected, not {text}", 1)
        rows, lost = len(self.parents), self.lost
        at = len(first)
        for found in _PLAIN.finditer(data, at):
            if found.start() > at:
                self._other_lines(data, at, found.start())
            if not self._plain_node(found):
                self._other_lines(data, found.start(), found.end())
            at = found.end()
        self._other_lines(data, at, len(data))
        if self.lost > lost and len(self.parents) == rows:
            raise BadFileError(len(data), "behind the first line no node can be read")

    def _other_lines(self, data: bytes, at: int, end: int) -> None:
        """Add lines that are not all plain."""
        while at < end:
            behind = data.find(b"\n", at, end) + 1 or end
            if behind - at > MOST_LINE:
                number = data.count(b"\n", 0, at) + 1
                raise BadFileError(at, f"a line has more than {MOST_LINE} bytes", number)
            line = data[at:behind]
            # A last line without its end may have been longer.
            if line[-1:] != b"\n":
                self._lose(line)
            elif not self._node(line):
                is_header = line.startswith(b"P=(") and self._start(line)
                if not is_header and line.rstrip(b"\r\n"):
                    self._lose(line)
            at = behind

    def _start(self, line: bytes) -> bool:
        """Begin a dump. False if this is no header."""
        header = _HEADER.fullmatch(line)
        if header is None:
            return False
        self._base = 16 if header[1] else 10
        self.program = self.program or header[2].decode("utf-8", "replace") or None
        # A period is told in whole microseconds.
        self.periods.append((len(self.parents), round(float(header[3]) * 1e6) * 1000))
        self._paths: dict[int, str] = {}
        #: By the file's numbers: number of the place, and its offset in the function.
        self._defined: dict[int, tuple[int, int]] = {}
        self._ids: dict[int, str] = {}
        #: What plain lines are made of, by its bytes: places, depths, counters.
        self._referred: dict[bytes, int] = {}
        self._depths: dict[bytes, int] = {}
        self._by_id: dict[bytes, Counter] = {}
        self._parsed: dict[bytes, list[tuple[Counter, int, int, int]]] = {}
        #: The line at each depth.
        self._way = [NONE]
        return True

    def _plain_node(self, found: re.Match[bytes]) -> bool:
        """Add a node of a line as most are. False if its place is not known yet, or a counter."""
        depth_text, reference, rest = found.groups()
        place = self._referred.get(reference)
        depth = self._depths.get(depth_text)
        way = self._way
        if place is None or depth is None or depth > len(way):
            return False
        number = self._next()
        if rest:
            values = self._parsed.get(rest) or self._plain_counters(rest)
            if not values:
                return False
            for counter, count, value, peak in values:
                counter.lines.append(number)
                counter.values.append(value)
                counter.counts.append(count)
                counter.peaks.append(peak)
        self.parents.append(way[depth - 1])
        self.places.append(place)
        del way[depth:]
        way.append(number)
        return True

    def _next(self) -> int:
        """The number of a new line."""
        number = len(self.parents)
        if number >= _MOST_LINES:
            raise BadFileError(0, f"there are more than {_MOST_LINES} nodes")
        return number

    def _plain_counters(self, text: bytes) -> list[tuple[Counter, int, int, int]]:
        """Counters of a plain line; none if they are not plain. Many lines have the same."""
        base, by_id = self._base, self._by_id
        found = _PLAIN_COUNTER.findall(text)
        if len(found) != text.count(b"V"):
            return []
        try:
            values = [
                (by_id[name], int(count, base), int(value, base), int(peak, base))
                for name, count, value, peak in found
            ]
        except (KeyError, ValueError):
            return []
        if len(self._parsed) >= _MOST_KEPT:
            self._parsed.clear()
        self._parsed[text] = values
        return values

    def _node(self, line: bytes) -> bool:
        """Add a node. False for a line that is damaged, of which nothing is taken."""
        found = _NODE.match(line)
        if found is None:
            return False
        try:
            depth = self._int(found[1])
            new = self._definition(line, found) if found[4] else None
            counters = self._counters_of(line, new.end if new else found.end())
            if depth < 1:
                return False
            place = self._define(new) if new else self._reference(found)
        except ValueError:  # of digits that the base does not have, and of what is too large
            return False
        way = self._way
        level = min(depth, len(way))
        # Where the caller was on a line that is lost, the nearest that is known takes its place.
        self.moved += depth > level
        del way[level:]
        above = way[-1]
        if depth > level and depth - level < _MOST_MISSING:
            way += [above] * (depth - level)
        number = self._next()
        self.parents.append(above)
        self.places.append(place)
        way.append(number)
        self._depths[found[1]] = depth
        for name, count, value, peak in counters:
            counter = self.counters.get(name)
            if counter is None:
                counter = self.counters[name] = Counter()
            counter.lines.append(number)
            counter.values.append(value)
            counter.counts.append(count)
            counter.peaks.append(peak)
        if counters:
            by_id = {
                b"%x" % number: self.counters[name]
                for number, name in self._ids.items()
                if number < self._base and name in self.counters
            }
            if by_id != self._by_id:
                self._by_id = by_id
                self._parsed.clear()
        return True

    def _reference(self, found: re.Match[bytes]) -> int:
        """The number of a place that an earlier line has defined."""
        offset = self._signed(found[3])
        known = self._defined.get(self._int(found[2]))
        if known is None:
            self.undefined += 1
            return self._number(LOST, 0)
        place, own = known
        if offset != own:
            symbol, address = self.known[place]
            place = self._number(self.symbols[symbol], address + offset - own)
        self._referred[found[2] + b"+" + found[3]] = place
        return place

    def _definition(self, line: bytes, found: re.Match[bytes]) -> _Definition:
        """What a line says of a place. Raises ``ValueError`` if it is damaged."""
        file, at = self._int(found[4]), found.end()
        path = self._paths.get(file)
        if line.startswith(b"=(", at):
            end = line.find(b")+", at)
            path, at = line[at + 2 : end].decode("utf-8", "replace"), end + 1
        address = _OFFSET.match(line, at) if at > 0 else None
        end = line.find(b"))+", address.end()) if address else -1
        offset = _END.match(line, end) if end >= 0 else None
        if path is None or address is None or offset is None:
            raise ValueError
        name = line[address.end() : end].decode("utf-8", "replace")
        number = self._int(found[2])
        own = self._signed(offset[1])
        return _Definition(number, own, file, path, name, self._signed(address[1]), offset.end())

    def _define(self, new: _Definition) -> int:
        """The number of a place that is defined."""
        self._paths[new.file] = new.path
        place = self._number(self._symbol(new.name, new.path, new.address), new.address)
        if new.number in self._defined:
            self._referred.clear()
        self._defined[new.number] = place, new.offset
        return place

    def _symbol(self, name: str, path: str, address: int) -> Symbol:
        # A function without a name is called as igprof-analyse does, the same in every run.
        if name.startswith("@?") and path and address > 0:
            name = f"@{{{path.rpartition('/')[2]}+{address}}}"
        return Symbol(name, path)

    def _number(self, symbol: Symbol, address: int) -> int:
        """The number of a place."""
        index = self._symbols.get(symbol)
        if index is None:
            index = self._symbols[symbol] = len(self.symbols)
            self.symbols.append(symbol)
        place = Place(index, max(0, address))
        number = self._numbers.get(place)
        if number is None:
            number = self._numbers[place] = len(self.known)
            self.known.append(place)
        return number

    def _counters_of(self, line: bytes, at: int) -> list[tuple[str, int, int, int]]:
        """The counters of a line from there on. Raises ``ValueError`` if they are damaged."""
        found: list[tuple[str, int, int, int]] = []
        resources = 0
        end = len(line) - (2 if line.endswith(b"\r\n") else 1)
        while at < end:
            counter = _COUNTER.match(line, at)
            if counter is None:
                raise ValueError
            at = counter.end()
            number = self._int(counter[1])
            name = counter[2].decode() if counter[2] else self._ids.get(number)
            is_new = name not in self.counters
            if not name or len(found) + is_new * len(self.counters) >= _MOST_COUNTERS:
                raise ValueError
            self._ids[number] = name
            found.append(
                (name, self._int(counter[3]), self._int(counter[4]), self._int(counter[5]))
            )
            while line.startswith(b";", at):
                resource = _RESOURCE.match(line, at)
                if resource is None:
                    raise ValueError
                at = resource.end()
                resources += 1
        self.resources += resources
        return found

    def _signed(self, text: bytes) -> int:
        return -self._int(text[1:]) if text[:1] == b"-" else self._int(text)

    def _int(self, text: bytes) -> int:
        number = int(text, self._base)
        if number >= _MOST:
            raise ValueError
        return number

    def _lose(self, line: bytes) -> None:
        """Leave a line out. Where it tells its depth, nothing goes below what stood there."""
        self.lost += 1
        found = _DEPTH.match(line)
        try:
            depth = self._int(found[1]) if found else 0
        except ValueError:
            return
        if depth >= 1:
            del self._way[depth:]
