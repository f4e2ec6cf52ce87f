"""Greenlets: several call stacks in one thread, which a recorder must be told to keep apart."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, ClassVar

from .collector import hide

if TYPE_CHECKING:
    from collections.abc import Callable


class Switches:
    """Tells of switches between greenlets, where greenlet is imported."""

    #: Those whose trace function may be called still.
    _chained: ClassVar[list[Switches]] = []

    def __init__(self, switched: Callable[[str, tuple[Any, Any]], None]) -> None:
        self._switched = switched
        self.is_listening = False
        self.trace: Callable[..., None] | None = None
        self.before: Callable[..., None] | None = None
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
            self.trace = switched
        else:

            def trace(event: str, greenlets: tuple[Any, Any]) -> None:
                switched(event, greenlets)
                before(event, greenlets)

            hide(trace)
            self.trace, self.before = trace, before
        self.is_listening = True
        self._chained.append(self)
        greenlet.settrace(self.trace)

    def stop(self) -> None:
        """Give the thread's trace function back, unless somebody has put another there.

        If that is another of ours, which was started later, it gives back what was before this one.
        """
        if self not in self._chained:
            return
        self.is_listening = False
        greenlet: Any = sys.modules.get("greenlet")
        stopped = next((one for one in self._chained if one.trace == greenlet.gettrace()), None)
        while stopped is not None and not stopped.is_listening:
            greenlet.settrace(stopped.before)
            self._chained.remove(stopped)
            before = stopped.before
            stopped = next((one for one in self._chained if one.trace == before), None)
