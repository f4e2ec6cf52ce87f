"""Greenlets: several call stacks in one thread, which a recorder must be told to keep apart."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from .collector import hide

if TYPE_CHECKING:
    from collections.abc import Callable


class Switches:
    """Tells of switches between greenlets, where greenlet is imported."""

    def __init__(self, switched: Callable[[str, tuple[Any, Any]], None]) -> None:
        self._switched = switched
        self._trace: Callable[..., None] | None = None
        self._before: Callable[..., None] | None = None
        self._was_there = False

    @property
    def came_late(self) -> bool:
        """Whether greenlet was imported only after the start."""
        return not self._was_there and "greenlet" in sys.modules

    def start(self) -> None:
        """Listen to switches of this thread, beside who does so already."""
        greenlet: Any = sys.modules.get("greenlet")
        self._was_there = greenlet is not None
        if not hasattr(greenlet, "settrace"):
            return
        before, switched = greenlet.gettrace(), self._switched
        if before is None:
            self._trace = switched
        else:

            def trace(event: str, greenlets: tuple[Any, Any]) -> None:
                switched(event, greenlets)
                before(event, greenlets)

            hide(trace)
            self._trace, self._before = trace, before
        greenlet.settrace(self._trace)

    def stop(self) -> None:
        """Give the thread's trace function back, unless somebody has put another there."""
        trace, self._trace = self._trace, None
        greenlet: Any = sys.modules.get("greenlet")
        if trace is not None and greenlet is not None and greenlet.gettrace() == trace:
            greenlet.settrace(self._before)
