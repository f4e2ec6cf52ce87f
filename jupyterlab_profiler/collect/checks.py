"""What adds up in a recording, and what does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..model import Check

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..model import Profile
    from .clock import Stopwatch
    from .collector import CallRow, TreeColumns

#: How far the sum of self times may be from the wall time: the clock is read at two places a piece
#: of code.
TOLERANCE_SHARE = 0.005
TOLERANCE_NS = 200_000
TOLERANCE_NS_A_PIECE = 20_000

#: How far the speed of the clock may be from what it was before: a share.
DRIFT = 1e-3

#: How far the sums of one row may be apart by rounding.
ROUNDING_NS_A_ROW = 10_000


def wall_check(own_ns: int, watch: Stopwatch) -> Check:
    """Self times against the wall time. ``own_ns``: the sum of the self times of all rows."""
    tolerance = (
        round(watch.wall_ns * TOLERANCE_SHARE) + TOLERANCE_NS + watch.pieces * TOLERANCE_NS_A_PIECE
    )
    return Check(
        "wall",
        "The self times of all rows add up to the wall time, which was measured apart.",
        ok=abs(own_ns - watch.wall_ns) <= tolerance,
        value=own_ns,
        expected=watch.wall_ns,
        tolerance=tolerance,
        unit="ns",
    )


def row_check(totals: Mapping[int, CallRow]) -> Check:
    """No row owns more than it took in all: an event that the engine missed shows here."""
    wrong = sum(
        1 for row in totals.values() if row.self_ns > row.total_ns * 1.001 + ROUNDING_NS_A_ROW
    )
    return Check(
        "rows",
        f"{wrong} functions own more time than they took in all: an event was missed, and times "
        "and callers near it are wrong."
        if wrong
        else "No function owns more time than it took in all.",
        ok=not wrong,
        value=wrong,
        expected=0,
        unit="count",
    )


def edge_check(totals: Mapping[int, CallRow], edges: Mapping[tuple[int, int], CallRow]) -> Check:
    """Callers must not account for more calls of a function than it had."""
    unexplained = {function: row.calls for function, row in totals.items()}
    for (_, callee), row in edges.items():
        unexplained[callee] = unexplained.get(callee, 0) - row.calls
    wrong = sum(1 for calls in unexplained.values() if calls < 0)
    roots = sum(calls for calls in unexplained.values() if calls > 0)
    return Check(
        "edges",
        f"{wrong} functions have more calls from their callers than in all."
        if wrong
        else "The calls of every function are those that its callers made; "
        f"{roots} came from outside of the profile.",
        ok=not wrong,
        value=wrong,
        expected=0,
        unit="count",
    )


def event_checks(columns: TreeColumns, *, is_block: bool) -> list[Check]:
    """Whether every event fitted the call tree, what recording took, and what was folded.

    A block (``is_block``) may leave functions that were entered before it.
    """
    checks = []
    if not is_block:
        checks.append(
            Check(
                "events",
                f"{columns.lost:,} of {columns.events:,} calls and returns were missed: callers "
                "near them are wrong."
                if columns.lost
                else f"Each of {columns.events:,} calls and returns was of the innermost call.",
                ok=not columns.lost,
                value=columns.lost,
                expected=0,
                unit="count",
            )
        )
    if columns.tracing_ns:
        checks.append(
            Check(
                "recording",
                f"Recording {columns.events:,} calls and returns took about this long (an estimate "
                "from a trial): it is in the row (tracing), and not in functions.",
                value=columns.tracing_ns,
                unit="ns",
            )
        )
    if columns.folded:
        checks.append(
            Check(
                "folded",
                f"There were too many call paths: {columns.folded:,} calls were not told apart. "
                "Their time is kept, as one row a caller.",
                value=columns.folded,
                unit="count",
            )
        )
    return checks


def clock_check(columns: TreeColumns) -> Check:
    """Whether the clock of a recorder ran evenly."""
    is_even = abs(columns.drift) <= DRIFT and not columns.backwards
    return Check(
        "clock",
        "The clock of the recording kept time with the system's clock."
        if is_even
        else f"The clock of the recording went back {columns.backwards} times: times are too short."
        if columns.backwards
        else "The clock of the recording did not keep time with the system's clock: times are "
        "wrong by about the share told here.",
        ok=is_even,
        value=columns.drift,
        expected=0,
        tolerance=DRIFT,
        unit="share",
    )


def collision_check(profile: Profile) -> list[Check]:
    """Which functions pstats cannot tell apart, if there are such."""
    from ..formats.pstats import collisions

    same = collisions(profile)
    if not same:
        return []
    count = sum(len(group) for group in same)
    return [
        Check(
            "collisions",
            f"{count} functions share file, line and name with another one. They are kept "
            "apart here; pstats files cannot, so an export sums them.",
            value=count,
            unit="count",
        )
    ]
