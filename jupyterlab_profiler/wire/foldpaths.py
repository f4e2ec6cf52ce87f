"""A call tree that keeps its heaviest rows, what is below them folded into one row a parent."""

from __future__ import annotations

import operator
from itertools import compress
from typing import TYPE_CHECKING

from ..derive import combiner_of, put_together
from ..model import Function, Profile, Table

if TYPE_CHECKING:
    from collections.abc import Sequence


class FoldedPaths:
    """The paths of a profile. Each :meth:`shrink` goes on with what the one before has left.

    A large tree is walked as a whole for the first one alone. ``own`` is what rows are weighed by,
    each with all that is below it.
    """

    #: How many rows of the profile's have been folded.
    gone = 0

    def __init__(self, profile: Profile, own: Sequence[float]) -> None:
        self._profile = profile
        self._more = len(profile.functions)
        self._columns: dict[str, Sequence[float]] = dict(profile.paths)
        self._own = own
        self._length = profile.paths.rows
        self._parents: list[int] = []
        self._weight: list[float] = []
        #: By row, how many rows of the profile's it stands for; 0: it is one of them.
        self._folded: list[int] = []

    @property
    def ticks(self) -> float:
        """Own values of the rows that were folded."""
        return sum(compress(self._own, self._folded))

    def table(self) -> Table:
        """The rows that are left."""
        return Table(self._columns)

    def shrink(self, most: int) -> None:
        """Fold the smallest subtrees, those of one parent into one row, until ``most`` are left.

        There may be a row more for each thread.
        """
        if self._length <= most + 1:
            return
        if not self._parents:
            self._weigh()
        rows, folded, weight = self._length, self._folded, self._weight
        # A parent is at least as heavy as its children and stands before them, so the first rows in
        # this order are a tree.
        order = sorted(
            (index for index in range(rows) if not folded[index]),
            key=weight.__getitem__,
            reverse=True,
        )
        kept = bytearray(rows)
        for index in order[: self._how_many(order[:most])]:
            kept[index] = 1
        self._fold(kept)

    def _weigh(self) -> None:
        self._parents = parents = [
            index - offset if offset else -1
            for index, offset in enumerate(self._profile.paths.ints("parent"))
        ]
        self._weight = weight = list(map(abs, self._own))
        for index in range(len(parents) - 1, -1, -1):
            if (parent := parents[index]) >= 0:
                weight[parent] += weight[index]
        self._folded = [0] * len(parents)

    def _how_many(self, heaviest: Sequence[int]) -> int:
        """How many of the rows can stay, so that there are no more with those of what is folded."""
        most = len(heaviest)
        rank = [most] * (self._length + 1)  # one more: the parent of roots
        for place, index in enumerate(heaviest):
            rank[index] = place
        lightest = [0] * (most + 1)  # by rank of a row, the last rank of its children
        for place, parent in zip(rank, self._parents, strict=False):
            above = rank[parent]
            if place > lightest[above]:
                lightest[above] = place
        # As long as a row stays and not all of its children do, there is a row for those.
        changes = [0] * (most + 2)
        for place, last in enumerate(lightest[:most]):
            if last:
                changes[place + 1] += 1
                changes[last + 1] -= 1
        extra, fitting = 0, 1
        for count in range(1, most + 1):
            extra += changes[count]
            if count + extra <= most:
                fitting = count
        return fitting

    def _fold(self, kept: bytearray) -> None:
        parents, folded = self._parents, self._folded
        threads = self._columns.get("thread") or bytes(self._length)
        # The row below which each row is folded; below 0, a thread of which it was a root.
        home = [0] * self._length
        members: dict[int, int] = {}
        single: dict[int, int] = {}
        for index, parent in enumerate(parents):
            if kept[index]:
                continue
            if parent < 0:
                above = -1 - int(threads[index])
            else:
                above = parent if kept[parent] else home[parent]
            home[index] = above
            if above in members:
                members[above] += folded[index] or 1
            else:
                members[above] = folded[index] or 1
                single[above] = index
        for above, count in list(members.items()):
            if count == 1:  # a row in place of a row would save nothing
                kept[single[above]] = 1
                del members[above]

        # Rows that stay, and one below each for what was folded there.
        new = [0] * self._length
        rest: dict[int, int] = {}
        new_parents: list[int] = []
        first: list[int] = []  # the row whose place in the tree is taken
        counts: list[int] = []
        for index in compress(range(self._length), kept):
            place = new[index] = len(first)
            first.append(index)
            counts.append(0)
            new_parents.append(new[parents[index]] if parents[index] >= 0 else -1)
            if index in members:
                rest[index] = place + 1
                first.append(index)
                counts.append(members[index])
                new_parents.append(place)
        for above, count in members.items():
            if above < 0:
                rest[above] = len(first)
                first.append(single[above])
                counts.append(count)
                new_parents.append(-1)
        into = [
            new[index] if stays else rest[above]
            for index, (stays, above) in enumerate(zip(kept, home, strict=True))
        ]
        self._columns = self._together(into, first, counts, new_parents)
        self._own = put_together(operator.add, len(first), into, self._own)
        weight = self._weight
        self._weight = [
            0 if count else weight[index] for index, count in zip(first, counts, strict=True)
        ]
        self._parents, self._folded, self._length = new_parents, counts, len(first)
        self.gone = sum(counts)

    def _together(
        self, into: list[int], first: list[int], counts: list[int], parents: list[int]
    ) -> dict[str, Sequence[float]]:
        columns: dict[str, Sequence[float]] = {}
        for name, column in self._columns.items():
            if name == "parent":
                columns[name] = [
                    index - parent if parent >= 0 else 0 for index, parent in enumerate(parents)
                ]
            elif name.startswith("self."):
                combine = combiner_of(combine_of(self._profile, name))
                if combine is not None:
                    columns[name] = put_together(combine, len(first), into, column)
            elif name == "thread":
                columns[name] = [column[index] for index in first]
            else:
                rest = self._more if name == "function" else 0
                columns[name] = [
                    rest if count else column[index]
                    for index, count in zip(first, counts, strict=True)
                ]
        return columns


def combine_of(profile: Profile, column: str) -> str:
    """How values of a column ``ROLE.METRIC`` go together."""
    name = column.partition(".")[2]
    return next((metric.combine for metric in profile.metrics if metric.id == name), "sum")


def weights(table: Table) -> Sequence[float]:
    """What rows are ordered by: self time, else total time, else the first own value there is."""
    own = next((name for name in table if name.startswith("self.")), None)
    name = next((name for name in ("self.time", "total.time") if name in table), own)
    return [0] * table.rows if name is None else list(table[name])


def folded_function(count: int) -> Function:
    """What stands for so many rows or functions."""
    return Function(f"({count} more)", "folded", kind="pseudo")
