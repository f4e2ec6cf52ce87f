"""Interrupts are put off while the recorder works: an error inside it would lose an event."""

from __future__ import annotations

import _thread
import signal
import threading
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import FrameType

#: Seconds until it is tried again. Recording one event takes some microseconds.
_LATER = 0.001


class Interrupts:
    """Stands before the handler of SIGINT that it finds.

    Code that looks sees it: asyncio.run() does without a handler of its own then.

    ``callbacks`` are what the interpreter calls with events.
    """

    def __init__(self, callbacks: Iterable[Any]) -> None:
        self._codes = {id(callback.__code__) for callback in callbacks}
        #: The handler that is called next.
        self.before: Any = None
        self._mine: Any = None

    def start(self) -> None:
        """Take the handler's place, in the thread that signals go to."""
        if threading.current_thread() is threading.main_thread():
            before = signal.getsignal(signal.SIGINT)
            if callable(before):
                self.before, self._mine = before, self.interrupted
                signal.signal(signal.SIGINT, self._mine)

    def stop(self) -> None:
        """Put the handler back, unless somebody has put another there. Safe to call twice."""
        mine, self._mine = self._mine, None
        if mine is None or threading.current_thread() is not threading.main_thread():
            return
        holder: Any = signal.getsignal(signal.SIGINT)
        if holder is mine:
            signal.signal(signal.SIGINT, self.before)
        # Another recorder may have begun after this one, and end later.
        while isinstance(later := getattr(holder, "__self__", None), Interrupts):
            holder = later.before
            if holder is mine:
                later.before = self.before

    def interrupted(self, number: int, frame: FrameType | None) -> object:
        """Go on to the handler, when the recorder has returned."""
        inner = frame
        while inner is not None:
            if id(inner.f_code) in self._codes:
                # Raised here, it would strike at once: the interpreter is still inside.
                _thread.start_new_thread(_again, (number,))
                return None
            inner = inner.f_back
        handled: object = self.before(number, frame)
        return handled


def _again(number: int) -> None:
    """Press Interrupt once more, a little later."""
    time.sleep(_LATER)
    _thread.interrupt_main(signal.Signals(number))
