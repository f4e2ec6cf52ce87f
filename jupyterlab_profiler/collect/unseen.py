"""What the code did and its profile does not show."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from ..model import Warned

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .clock import Stopwatch
    from .collector import CallRow, Recording

#: From this share of the wall time on, waiting deserves a sentence.
_MUCH_AWAITED = 0.1

LATE_GREENLETS = Warned(
    "greenlets",
    "The code imported greenlet while it was recorded: callers and times of code in greenlets are "
    "wrong. Run it again, now that greenlet is imported.",
)


def not_told_apart(calls: int) -> Warned:
    """What a tree that was full does to the rows of functions."""
    return Warned(
        "call-paths",
        f"There were more call paths than are kept: {calls:,} calls were not told apart. They are "
        "in the row (calls not told apart), with their time, and missing in the numbers of the "
        "functions that they were calls of.",
    )


def unseen(recording: Recording, rows: Mapping[int, CallRow], watch: Stopwatch) -> list[Warned]:
    """Sentences for the reader. ``rows``: what each function took."""
    warnings = []
    start = threading.Thread.start.__code__
    started = sum(row.calls for row in rows.values() if row.code is start)
    if started and not recording.has_threads:
        more = " --threads shows them." if recording.tree is not None else ""
        warnings.append(
            Warned(
                "threads",
                f"{started} {'thread was' if started == 1 else 'threads were'} started; what they "
                f"did is not in this profile, which shows the thread that ran the code.{more}",
            )
        )
    if watch.awaiting_ns > watch.wall_ns * _MUCH_AWAITED and not recording.has_tasks:
        warnings.append(
            Warned(
                "awaiting",
                "While the code waited, other tasks may have run; what they did is not in this "
                "profile, and counts as (awaiting).",
            )
        )
    return warnings
