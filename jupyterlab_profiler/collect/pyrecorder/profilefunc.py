"""Events from ``sys.setprofile``, Python 3.11: one profile function a thread.

An error raised inside it, as by a recursion that ends there, makes the interpreter drop it.
"""

from __future__ import annotations

import sys
import threading
from inspect import CO_COROUTINE
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any

from ..collector import hide
from .events import OPEN, Events
from .functions import NOTHING, is_at_start

if TYPE_CHECKING:
    from types import FrameType

    from .events import ThreadTree


class ProfileFunction:
    """The profile function of the recorder's thread, and of those that it follows."""

    def __init__(self, recorder: Events) -> None:
        self._recorder = recorder
        self._hook: Any = self.on_event

    @property
    def is_ours(self) -> bool:
        """Whether this thread's profile function is still ours."""
        return sys.getprofile() is self._hook

    @property
    def is_dropped(self) -> bool:
        """Whether this thread has none: the interpreter, or the code, has taken ours away."""
        return sys.getprofile() is None

    def install(self) -> bool:
        """Take the profile function of this thread. Returns whether it was free."""
        if sys.getprofile() is not None:
            return False
        sys.setprofile(self._hook)
        return True

    def remove(self) -> None:
        """Give it back in this thread; others do so themselves, at their next event."""
        if self.is_ours:
            sys.setprofile(None)

    def begin(self, frame: FrameType, event: str, arg: object) -> None:
        """Record a thread that begins, if recorded code has started it.

        What ``threading.setprofile`` is given.
        """
        recorder = self._recorder
        if recorder.is_recording and recorder.begin(threading.current_thread()) is not None:
            sys.setprofile(self._hook)  # in the place of this one
            if event == "call":
                self.on_event(frame, event, arg)
        else:
            sys.setprofile(None)

    def on_event(self, frame: FrameType, event: str, arg: object) -> None:
        """What ``sys.setprofile`` is given."""
        recorder, now = self._recorder, perf_counter_ns()
        if not recorder.is_recording:
            sys.setprofile(None)
            return
        ident = threading.get_ident()
        thread = recorder.main if ident == recorder.ident else recorder.others.get(ident)
        code = frame.f_code
        if thread is None or id(code) in recorder.silent:
            return
        if event == "call":
            if code is recorder.thread_start:
                recorder.note_start(thread, frame.f_locals.get("self"))
            may_be_task = thread.gate not in OPEN or thread.tree.current is thread.tree.tasks
            begins = may_be_task and bool(code.co_flags & CO_COROUTINE) and is_at_start(frame)
            recorder.enter(thread, code, begins, now)
            thread.entered_before, thread.entered = thread.entered, id(frame)
        elif event == "return":
            if arg is not None or self._was_entered(thread, frame):
                recorder.leave(thread, code, now)
            thread.entered = thread.entered_before if thread.entered == id(frame) else 0
            thread.entered_before = 0
        elif event == "c_call":
            recorder.enter_callable(thread, arg, NOTHING, now)
        else:  # c_return or c_exception
            recorder.leave_callable(thread, arg, NOTHING, now)

    def _was_entered(self, thread: ThreadTree, frame: FrameType) -> bool:
        """Whether it was told that a frame was entered, which an error leaves now.

        An Interrupt may strike at its very begin: the interpreter looks for signals there before it
        tells that the function is called, and once more after that. Only a signal's handler can
        have run from there, so if it was told, that was the last event but for those of the
        handler. Where that has called more, it is told by the innermost function, unless that
        calls itself.
        """
        if thread.entered == id(frame) or not is_at_start(frame):
            return True
        code, back = frame.f_code, frame.f_back
        is_recursive = back is not None and back.f_code is code
        return not is_recursive and thread.tree.current.key == id(code)


hide(ProfileFunction.begin, ProfileFunction.on_event)
