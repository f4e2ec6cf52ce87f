"""Takes the time apart in which a cell's values are displayed: it is no line's."""

from __future__ import annotations

import sys
from collections import defaultdict
from time import perf_counter_ns
from typing import Any

from .collect.collector import hide

#: The file of a cell, and a line of its top level.
Place = tuple[str, int]


class Displays:
    """While it is entered, times the calls of ``sys.displayhook`` by the line that they come from.

    A user's code may put another hook there: that is left, and not timed.
    """

    def __init__(self) -> None:
        self.times_ns: dict[Place, int] = defaultdict(int)
        self._before: Any = None
        self._depth = 0

    def __enter__(self) -> None:
        if not self._depth:
            self._before, sys.displayhook = sys.displayhook, self.display
        self._depth += 1

    def __exit__(self, *_: object) -> None:
        self._depth -= 1
        if not self._depth and sys.displayhook == self.display:
            sys.displayhook = self._before

    def display(self, value: object) -> None:
        """Stands for ``sys.displayhook``."""
        frame = sys._getframe(1)  # noqa: SLF001 - who displays
        began = perf_counter_ns()
        try:
            self._before(value)
        finally:
            took = perf_counter_ns() - began
            if frame.f_code.co_name == "<module>":
                self.times_ns[frame.f_code.co_filename, frame.f_lineno] += took


hide(Displays.__enter__, Displays.__exit__, Displays.display)
