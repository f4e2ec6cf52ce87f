"""Puts lines of dumps together, without the functions that igprof-analyse takes for their callers.

Frames of the profiler's own library go, with what they took themselves, and what they called is
their callers'. Where memory is counted, what malloc and its like took is their callers' own. Of
MEM_LIVE, what pool allocators of old C++ libraries hold is left out.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .stacks import NONE, Tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .igprofdump import Dumps, Symbol

#: In the last 20 characters of a path: igprof's library, and what it was called before 2010.
_OWN_LIBRARIES = ("libigprof.", "IgProf.", "IgHook.")
_ALLOCATORS = {
    "malloc", "calloc", "realloc", "memalign", "posix_memalign", "aligned_alloc", "valloc",
    "zmalloc", "zcalloc", "zrealloc", "_Znwj", "_Znwm", "_Znaj", "_Znam",
}  # fmt: skip
_POOL_ALLOCATORS = {
    f"_ZNSt24__default_alloc_templateILb1ELi0EE{end}"
    for end in ("14_S_chunk_allocEjRi", "9_S_refillEj", "8allocateEj")
}
#: The counter of which pool allocators are left out.
LIVE = "MEM_LIVE"

#: What becomes of a frame.
_KEPT, _CALLERS, _DROPPED, _POOL = range(4)


def is_of_memory(counters: Iterable[str]) -> bool:
    """Whether malloc and its like are taken for their callers."""
    names = list(counters)
    return bool(names) and all(name.startswith("MEM_") for name in names)


@dataclass
class Folded:
    """Nodes of several lines. The first one is the root of all.

    ``targets``: of each line the node that its values count to, or ``NONE``. ``pooled``: lines of
    pool allocators, and below them. ``dropped`` and ``folded``: how many frames are no nodes, of
    the profiler itself, and of malloc and its like.
    """

    tree: Tree
    targets: array[int]
    pooled: set[int] = field(default_factory=set)
    dropped: int = 0
    folded: int = 0

    def told(self, left: Sequence[str]) -> str:
        """What of this the reader is to know, "" if nothing. ``left``: what belongs to no node."""
        count = self.dropped + self.folded
        what = [*["the profiler itself"] * bool(self.dropped)]
        what += ["malloc and its like"] * bool(self.folded)
        lost = [*["what the profiler took itself"] * bool(self.dropped)]
        lost += ["what is live in pools of old C++ libraries"] * bool(self.pooled)
        sentences = []
        if count:
            frames = "1 frame" if count == 1 else f"{count} frames"
            are = "is counted to its caller" if count == 1 else "are counted to their callers"
            sentences.append(f"{frames} of {' and of '.join(what)} {are}, as igprof-analyse does.")
        if left:
            where = "there" if count else "igprof-analyse does"
            told = ", ".join(left)
            sentences.append(f"Left out, as {where}, is {' and '.join(lost)}: {told}.")
        return " ".join(sentences)


def fold(dumps: Dumps, things: Sequence[int], root: int, *, filters: bool, memory: bool) -> Folded:
    """The tree of what lines stand for.

    ``things``: of each place of the dumps what it stands for, so that lines of one thing below one
    node are one. Without ``filters`` every frame is kept.
    """
    fates = [_fate(symbol, memory=memory) if filters else _KEPT for symbol in dumps.symbols]
    fate_of = [fates[place.symbol] for place in dumps.known]
    tree = Tree()
    top = tree.child(NONE, root)
    nodes = array("q")
    targets = array("q")
    result = Folded(tree, targets)
    pooled = result.pooled
    # Nodes by their parent and thing, as one number: there may be millions.
    known: dict[int, int] = {}
    size = max(things, default=0) + 1
    for line, (parent, place) in enumerate(zip(dumps.parents, dumps.places, strict=True)):
        above = top if parent == NONE else nodes[parent]
        if pooled and parent in pooled:
            pooled.add(line)
        fate = fate_of[place]
        if fate in (_KEPT, _POOL):
            thing = things[place]
            key = above * size + thing
            node = known.get(key)
            if node is None:
                node = known[key] = tree.append(above, thing)
            above = node
            targets.append(above)
            if fate == _POOL:
                pooled.add(line)
        else:
            result.dropped += fate == _DROPPED
            result.folded += fate == _CALLERS
            targets.append(NONE if fate == _DROPPED else above)
        nodes.append(above)
    return result


def _fate(symbol: Symbol, *, memory: bool) -> int:
    if any(name in symbol.path[-20:] for name in _OWN_LIBRARIES):
        return _DROPPED
    if memory and symbol.name in _ALLOCATORS:
        return _CALLERS
    return _POOL if memory and symbol.name in _POOL_ALLOCATORS else _KEPT


def combined(
    folded: Folded,
    lines: Sequence[int],
    values: Sequence[int],
    *,
    is_max: bool,
    drop_pooled: bool,
) -> tuple[array[int], int]:
    """Values by node, and how much of them belongs to no node."""
    column = array("q", bytes(8 * len(folded.tree.parents)))
    dropped = 0
    targets, pooled = folded.targets, folded.pooled if drop_pooled else ()
    for line, value in zip(lines, values, strict=True):
        node = targets[line]
        if node == NONE or line in pooled:
            dropped += value
        elif not is_max:
            column[node] += value
        elif column[node] < value:
            column[node] = value
    return column, dropped
