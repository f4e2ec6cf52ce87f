"""cProfile on Python 3.11, where it hears only the thread that enabled it.

There is one profile function a thread, so a second profiler takes the first one's place without a
word. We refuse to take another's, and tell when another took ours.
"""

from __future__ import annotations

import cProfile
import signal
import sys
import threading
from itertools import islice
from typing import TYPE_CHECKING, Any

from ..model import Warned
from .collector import CAUGHT_INTERRUPT, Collector, Recording, T, hide
from .getstats import recording
from .profilefunc import claim_profile_function

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType


class ProfiledCProfile:
    """Collector over ``cProfile.Profile.enable``, for Python 3.11."""

    def __init__(self, hook: object = None) -> None:
        self._hook = hook
        self._profiler = cProfile.Profile()
        self._thread = threading.get_ident()
        self._lost = False
        self._interrupted = False
        self._restore = _nothing
        self._holders: Iterator[object] = iter(sys.getprofile, self)
        self._disabled = iter(self._profiler.disable, self)

    def start(self) -> None:
        """Raises :class:`Unavailable` when this thread has a profile function already."""
        claim_profile_function()
        self._restore = self._catch_interrupt()

    def call(self, function: Callable[..., T], *args: Any) -> T:
        """Call with cProfile enabled."""
        hook = sys.displayhook
        displaying = self._pausing(hook) if hook is self._hook else hook
        sys.displayhook = displaying
        try:
            self.resume()
            return function(*args)
        finally:
            self.pause()
            if sys.displayhook is displaying:
                sys.displayhook = hook

    def resume(self) -> None:
        """Enable cProfile, unless another profiler holds the thread."""
        if sys.getprofile() is None:
            self._profiler.enable()
        else:
            self._lost = True

    def pause(self) -> None:
        """Disable cProfile, and leave the thread to a profiler that took it over."""
        # Called by iteration: a plain call would be recorded, for nothing sees it return.
        (holder,) = tuple(islice(self._holders, 1))
        tuple(islice(self._disabled, 1))  # closes what is open, and clears the thread's profiler
        if holder is not self._profiler:
            self._lost = True
            _give_back(holder)

    def mute(self) -> bool:
        """Nothing: there is no second profiler in a thread, so nobody asks."""
        return False

    def unmute(self, before: bool) -> None:
        """Nothing."""

    def stop(self) -> Recording:
        """Put the signal's handler back and hand over the rows."""
        self._restore()
        result = recording(self._profiler, displaying=self._pausing(print).__code__)
        if self._lost:
            result.warnings.append(
                Warned(
                    "profiler-lost",
                    "Another profiler took over while the code ran, and Python 3.11 has room for "
                    "one a thread: what was called after that is missing here.",
                )
            )
        if self._interrupted:
            result.warnings.append(
                Warned(
                    CAUGHT_INTERRUPT,
                    "The code caught an Interrupt and went on: callers of what ran after it are "
                    "missing (Python 3.11).",
                )
            )
        return result

    def _catch_interrupt(self) -> Callable[[], None]:
        """Close all open calls when an Interrupt strikes. Returns what puts the handler back.

        Python 3.11 looks for signals between entering a function and telling cProfile so, but tells
        it of every function that is left: one Interrupt there, and every row from the innermost to
        the root is off by one.
        """
        if threading.current_thread() is not threading.main_thread():
            return _nothing  # signals go to the main thread
        handler = signal.getsignal(signal.SIGINT)
        if not callable(handler):
            return _nothing
        profiler = self._profiler

        def interrupted(number: int, frame: FrameType | None) -> object:
            try:
                return handler(number, frame)
            except BaseException:
                active: object = sys.getprofile()
                if active is profiler:
                    profiler.disable()
                    self._interrupted = True
                    profiler.enable()
                raise

        def restore() -> None:
            if signal.getsignal(signal.SIGINT) is interrupted:
                signal.signal(signal.SIGINT, handler)

        hide(interrupted)
        signal.signal(signal.SIGINT, interrupted)
        return restore

    def _pausing(self, hook: Callable[[object], Any]) -> Callable[[object], Any]:
        """The displayhook with the recording off inside: its time is kept, its callees are not."""
        profiler, holders, me = self._profiler, self._holders, self._thread
        idents = iter(threading.get_ident, None)

        def displaying(value: object) -> None:
            # Called by iteration: plain calls would be recorded, the last one never seen to return.
            if (me,) != tuple(islice(idents, 1)) or (profiler,) != tuple(islice(holders, 1)):
                hook(value)  # another thread's, or another profiler's
                return
            tuple(map(sys.setprofile, (None,)))
            try:
                hook(value)
            finally:
                if sys.getprofile() is None:
                    profiler.enable()

        hide(displaying)
        return displaying


def _give_back(holder: object) -> None:
    if isinstance(holder, cProfile.Profile):
        holder.enable()
    elif callable(holder):
        sys.setprofile(holder)


def _nothing() -> None:
    """There is no handler to put back."""


hide(ProfiledCProfile.call, ProfiledCProfile.resume, ProfiledCProfile.pause)


_check: type[Collector] = ProfiledCProfile
