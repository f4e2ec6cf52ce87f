"""Where the wall time went, measured apart from the engine: so that the two can be compared."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import perf_counter_ns


@dataclass
class Stopwatch:
    """Adds up the time in which code ran, was suspended, and in which something else ran.

    ``running_ns + awaiting_ns + between_ns`` is the time from the first :meth:`enter` to the last
    :meth:`leave`.
    """

    running_ns: int = 0
    awaiting_ns: int = 0
    between_ns: int = 0
    pieces: int = 0
    _entered: int = field(default=0, repr=False)
    _left: int | None = field(default=None, repr=False)
    _suspended: bool = field(default=False, repr=False)

    @property
    def wall_ns(self) -> int:
        """From the first start to the last stop."""
        return self.running_ns + self.awaiting_ns + self.between_ns

    def enter(self) -> None:
        """The code goes on."""
        now = perf_counter_ns()
        if self._left is not None:
            gap = now - self._left
            if self._suspended:
                self.awaiting_ns += gap
            else:
                self.between_ns += gap
        self.pieces += 1
        self._entered = now

    def leave(self, suspended: bool) -> None:
        """The code stops, because it waits (``suspended``) or because it has ended."""
        now = perf_counter_ns()
        self.running_ns += now - self._entered
        self._left = now
        self._suspended = suspended
