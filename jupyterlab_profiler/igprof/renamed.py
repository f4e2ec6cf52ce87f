"""Call trees in which functions have other names: by library, by patterns, by what is above them.

Names of a dump are not the user's own, so a pattern is searched in the first characters of a name
alone (what matches up to there has the rest, too), and each name is looked at once.
"""

from __future__ import annotations

import re
from array import array
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ..formats.stacks import NONE, Tree
from .counted import Named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .counted import Counted

#: Characters of a name in which patterns are searched, and of one that they make.
_MOST_SEARCHED = 4000
_GROUP = re.compile(r"\\(\d)")


class Rename(NamedTuple):
    r"""A pattern, and what stands in the place of each match: ``\1`` is a group's text."""

    pattern: re.Pattern[str]
    to: str

    def of(self, text: str) -> str:
        """The text with all matches replaced; as it is where there are none."""
        head, tail = text[:_MOST_SEARCHED], text[_MOST_SEARCHED:]
        end = 0

        def replaced(found: re.Match[str]) -> str:
            nonlocal end
            end = found.end()
            return _GROUP.sub(lambda group: found[int(group[1])] or "", self.to)

        new = self.pattern.sub(replaced, head)
        return new if end == _MOST_SEARCHED else new + tail


class Ancestors(NamedTuple):
    """Patterns of functions, outermost first; what is below all of them begins with ``name``."""

    patterns: Sequence[re.Pattern[str]]
    name: str


def parse_renames(text: str) -> list[Rename]:
    """Renames as igprof-analyse takes them: ``s/RE/TO/;s!RE!TO!``. Raises ``ValueError``."""
    found, at = [], 0
    while at < len(text):
        parts = text[at + 2 :].split(text[at + 1 : at + 2] or " ", 2)
        if text[at] != "s" or len(parts) < 3 or (parts[2] and parts[2][0] != ";"):
            raise ValueError(f"{text!r} is no list of s/PATTERN/NAME/, with ; between")
        pattern, to, rest = parts
        rename = Rename(_compiled(pattern), to)
        wanted = max((int(group) for group in _GROUP.findall(to)), default=0)
        if wanted > rename.pattern.groups:
            raise ValueError(f"{pattern!r} has no group {wanted}, which {to!r} names")
        found.append(rename)
        at = len(text) - len(rest) + 1 if rest else len(text)
    return found


def parse_ancestors(text: str) -> Ancestors:
    """Ancestors as igprof-analyse takes them: ``RE>RE/NAME``. Raises ``ValueError``."""
    patterns, slash, name = text.partition("/")
    if not slash or not patterns or not name:
        raise ValueError(f"{text!r} is no chain of patterns and a name: A>B/NAME")
    return Ancestors([_compiled(pattern) for pattern in patterns.split(">")], name)


def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"{pattern!r} is no regular expression: {error}") from None


def by_library(counted: Counted) -> Counted:
    """Functions of one library are one, and so are callers and callees in it."""
    builder = _Builder(counted)
    to = [
        builder.number(Named(function.file, function.file, function.file)) if index else 0
        for index, function in enumerate(counted.functions)
    ]
    for node, thing in enumerate(counted.tree.things):
        above = builder.above(node)
        is_same = node > 0 and above > 0 and builder.tree.things[above] == to[thing]
        builder.put(node, above if is_same else builder.tree.child(above, to[thing]))
    return builder.done()


def by_patterns(counted: Counted, renames: Sequence[Rename]) -> Counted:
    """Each function's name by the first pattern that changes it, that in the program, or its file.

    A function that calls itself without a frame between is then one frame.
    """
    builder = _Builder(counted)
    to = [
        builder.number(_renamed(function, renames) if index else function)
        for index, function in enumerate(counted.functions)
    ]
    kept = [
        builder.functions[to[index]] == function for index, function in enumerate(counted.functions)
    ]
    for node, thing in enumerate(counted.tree.things):
        above = builder.above(node)
        is_same = kept[thing] and node > 0 and above > 0 and builder.tree.things[above] == to[thing]
        builder.put(node, above if is_same else builder.tree.child(above, to[thing]))
    return builder.done()


def _renamed(function: Named, renames: Sequence[Rename]) -> Named:
    for rename in renames:
        for text in (function.name, function.raw, function.file):
            new = rename.of(text)
            if new != text:
                return Named(new, new, function.file)
    return function


def by_ancestors(counted: Counted, ancestors: Ancestors) -> Counted:
    """Frames below a chain of functions, with frames between or without, begin with its name.

    The frame that ends the chain is called so itself.
    """
    patterns, name = ancestors
    builder = _Builder(counted)
    found = [
        [
            pattern.search(function.name[:_MOST_SEARCHED]) is not None
            for function in counted.functions
        ]
        for pattern in patterns
    ]
    below: dict[int, int] = {}
    # How many of the patterns have been met, from the root to each node.
    met = array("q", bytes(8 * len(counted.tree.parents)))
    for node, (parent, thing) in enumerate(
        zip(counted.tree.parents, counted.tree.things, strict=True)
    ):
        above = builder.above(node)
        level = 0 if parent == NONE else met[parent]
        function = counted.functions[thing]
        if level == len(patterns):
            if thing not in below:
                shown = f"{name}:{function.name}"
                below[thing] = builder.number(Named(shown, shown, function.file))
            number = below[thing]
        else:
            level += found[level][thing]
            if level == len(patterns):
                function = Named(name, name, function.file)
            number = builder.number(function)
        met[node] = level
        builder.put(node, builder.tree.child(above, number))
    return builder.done()


class _Builder:
    """Makes a tree of another one, node by node."""

    def __init__(self, counted: Counted) -> None:
        self._from = counted
        self.tree = Tree()
        self.functions: list[Named] = []
        self._numbers: dict[str, int] = {}
        self._nodes = array("q")
        self._values: list[int] = []
        self._counts: list[int] = []
        self.number(counted.functions[0])

    def number(self, function: Named) -> int:
        """The number of a function, by its name."""
        index = self._numbers.setdefault(function.name, len(self.functions))
        if index == len(self.functions):
            self.functions.append(function)
        return index

    def above(self, node: int) -> int:
        """What has become of a node's parent."""
        parent = self._from.tree.parents[node]
        return NONE if parent == NONE else self._nodes[parent]

    def put(self, node: int, new: int) -> None:
        """Say what has become of a node."""
        self._nodes.append(new)
        value, count = self._from.values[node], self._from.counts[node]
        if new == len(self._values):
            self._values.append(value)
            self._counts.append(count)
            return
        old = self._values[new]
        self._values[new] = max(old, value) if self._from.is_max else old + value
        self._counts[new] += count

    def done(self) -> Counted:
        return replace(
            self._from,
            functions=self.functions,
            tree=self.tree,
            values=self._values,
            counts=self._counts,
        )
