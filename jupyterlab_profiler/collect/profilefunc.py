"""Profile functions of threads: of each thread there is room for one."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Any

from .collector import Unavailable
from .compiled import load, missing

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType


class ProfileFunctionEvents:
    """Has a recorder told of calls, by the profile functions of threads.

    The recorder itself takes that of the thread which starts it.
    """

    def __init__(self, recorder: Any) -> None:
        self._recorder = recorder
        self._hook: Any = None
        self._before: Any = None

    def claim(self) -> None:
        """Raises :class:`~.collector.Unavailable` when this thread has a profile function."""
        claim_profile_function()

    def listen(self, threads: bool) -> None:
        """Have threads that begin call the recorder, which takes their profile function."""
        if not threads:
            return
        before: Any = threading.getprofile()
        begin: Any = self._recorder.begin_thread
        if before is None:
            hook = begin
        else:

            def hook(frame: FrameType, event: str, arg: object) -> None:
                begin(frame, event, arg)
                if sys.getprofile() is None:  # a thread that is not recorded
                    sys.setprofile(before)
                    before(frame, event, arg)

        self._before, self._hook = before, hook
        threading.setprofile(hook)

    def release(self) -> None:
        """Give everything back, unless somebody has put another function there."""
        if self._hook is not None and threading.getprofile() == self._hook:
            threading.setprofile(self._before)
        self._hook = None

    @property
    def lost(self) -> str:
        """Who took the events away while they were recorded, in words; empty if nobody did."""
        if not self._recorder.was_replaced:
            return ""
        return (
            "Another profiler took over while the code ran, and Python 3.11 has room for one a "
            "thread"
        )


def profile_all_from(
    start: Callable[[], object], function: Callable[[FrameType, str, Any], object]
) -> None:
    """Call ``start``, and give all threads this profile function before another one goes on.

    Without the compiled part others may go on for a moment. Raises
    :class:`~.collector.Unavailable` where that part is needed: before Python 3.12.
    """
    if (module := load()) is not None:
        module.profile_all_from(start, function)
    elif sys.version_info >= (3, 12):
        start()
        threading.setprofile_all_threads(function)
    else:
        raise Unavailable(f"before Python 3.12 this needs the compiled recorder. {missing()}")


def claim_profile_function() -> None:
    """Raises :class:`~.collector.Unavailable` when this thread has a profile function."""
    holder: object = sys.getprofile()
    if holder is not None:
        raise Unavailable(
            f"this thread is being profiled by {_name(holder)} already, and Python 3.11 "
            "has room for one profiler a thread: "
            "stop it first (its disable(), or sys.setprofile(None))"
        )


def _name(holder: object) -> str:
    import cProfile

    kind = type(getattr(holder, "__self__", holder))
    if kind.__module__.partition(".")[0] == __name__.partition(".")[0]:
        return "jupyterlab_profiler"
    if isinstance(holder, cProfile.Profile):
        return "another cProfile.Profile"
    return f"{getattr(holder, '__module__', '')}.{getattr(holder, '__qualname__', repr(holder))}"
