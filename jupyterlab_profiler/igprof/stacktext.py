"""The tree and the hottest single stacks, as igprof-analyse prints them."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from ..formats.stacks import NONE
from ..text import printable
from .flat import totals_of
from .text import percent, seconds, thousands

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .counted import Counted

#: Shares in percent below which a branch is not printed: of any, and of one in a small one.
_LEAST, _LEAST_OF_SMALL = 0.1, 1.0


def _children(counted: Counted) -> list[list[int]]:
    found: list[list[int]] = [[] for _ in counted.tree.parents]
    for node, parent in enumerate(counted.tree.parents):
        if parent != NONE:
            found[parent].append(node)
    return found


def _names(counted: Counted) -> Callable[[int], str]:
    """What a node is called, with the suffix of what is on the stack already."""
    tree = counted.tree
    on_stack = [0] * len(counted.functions)
    levels = array("q", bytes(8 * len(tree.parents)))
    way: list[int] = []
    for node in tree.in_order():
        while way and way[-1] != tree.parents[node]:
            on_stack[tree.things[way.pop()]] -= 1
        thing = tree.things[node]
        on_stack[thing] += 1
        way.append(node)
        levels[node] = on_stack[thing]

    def name(node: int) -> str:
        suffix = f"'{levels[node]}" if levels[node] > 1 else ""
        return printable(counted.functions[tree.things[node]].name) + suffix

    return name


def tree_text(counted: Counted) -> Iterator[str]:
    """The tree, dearest branches first, without those that are small."""
    totals, _ = totals_of(counted)
    shares = [percent(total, totals[0]) for total in totals]
    children, name = _children(counted), _names(counted)
    kids: list[int] = []
    todo = [(0, 0)]
    while todo:
        node, level = todo.pop()
        shown = [
            child
            for child in children[node]
            if shares[child] >= _LEAST
            and not (shares[child] < _LEAST_OF_SMALL and shares[node] < _LEAST_OF_SMALL)
        ]
        shown.sort(key=lambda child: -totals[child])
        del kids[level:]
        kids.append(len(shown))
        bars = "".join(f" {'|' if left else ' '}" for left in kids[:level])
        share = f"->({shares[node]:.2f}) " if counted.values[node] else ""
        yield f"{bars}{share}{name(node)}"
        if level:
            kids[level - 1] -= 1
        todo += [(child, level + 1) for child in reversed(shown)]


def top_text(counted: Counted, size: int) -> Iterator[str]:
    """The stacks that have most themselves, leaf first."""
    name = _names(counted)
    tree = counted.tree
    for number, node in enumerate(_hottest(counted, size), 1):
        value = counted.values[node]
        told = f"{thousands(value)} bytes"
        if counted.is_time:
            told = f"{seconds(value, counted.tick)} seconds"
        elif not counted.counter.startswith("MEM_"):
            told = f"{thousands(value)} {counted.counter}"
        yield f"## Entry {number} ({told})"
        level = 0
        while node != NONE:
            yield f"#{level} {name(node)}"
            node = tree.parents[node]
            level += 1
        yield ""


def _hottest(counted: Counted, size: int) -> list[int]:
    """Nodes with the largest values; of equal ones those that igprof-analyse has, in its order.

    It goes the tree backwards, and a node takes the place of the smallest one that is smaller.
    """
    children = _children(counted)
    values = counted.values
    found: list[int] = []
    todo = [0]
    least = 0
    while todo:
        node = todo.pop()
        todo += children[node]
        if values[node] <= least:
            continue
        if len(found) < size:
            found.append(node)
        else:
            found[min(range(size), key=lambda slot: values[found[slot]])] = node
        if len(found) == size:
            least = min(values[node] for node in found)
    return sorted(found, key=lambda node: -values[node])
