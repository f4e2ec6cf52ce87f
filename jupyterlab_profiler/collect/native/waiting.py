"""Which stacks wait: py-spy is asked for all threads, and cannot tell those within libraries."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .stacks import RawFrame

_C_LIBRARY = re.compile(r"/(?:libc|libpthread|ld-musl[^/]*)[.-][^/]*\Z")
#: The innermost function of a thread that waits: system calls of the C library, and functions of
#: Python where no native frames are read.
_WAITING = frozenset(
    {
        *("epoll_wait", "epoll_pwait", "epoll_pwait2", "poll", "__poll", "ppoll", "select"),
        *("__select", "pselect", "nanosleep", "clock_nanosleep", "__clock_nanosleep"),
        *("futex_wait", "__futex_abstimed_wait_common", "__futex_abstimed_wait_common64"),
        *("pthread_cond_wait", "pthread_cond_timedwait", "pthread_cond_clockwait"),
        *("__pthread_cond_wait", "__pthread_cond_timedwait", "sem_wait", "sem_timedwait"),
        *("sem_clockwait", "__new_sem_wait", "do_futex_wait", "__lll_lock_wait"),
        *("pthread_join", "__pthread_clockjoin_ex", "pthread_mutex_lock", "sigtimedwait"),
        *("sigwait", "sigwaitinfo", "wait4", "waitpid", "__wait4", "waitid", "pause"),
        *("accept", "accept4", "recv", "recvfrom", "recvmsg", "read", "__read", "__libc_read"),
        *("PyThread_acquire_lock_timed", "take_gil", "PyThread_acquire_lock"),
        *("pread64", "__libc_recv", "__libc_accept", "syscall", "flock", "connect"),
    }
)
#: Of Python, by the last part of the qualified name and the end of the file's name.
_WAITING_PYTHON = frozenset(
    {
        ("wait", "threading.py"),
        ("_wait_for_tstate_lock", "threading.py"),
        ("join", "threading.py"),
        ("acquire", "threading.py"),
        ("select", "selectors.py"),
        ("get", "queue.py"),
        ("poll", "zmq/sugar/poll.py"),
        ("accept", "socket.py"),
        ("readinto", "socket.py"),
    }
)


def waits(frames: Sequence[RawFrame]) -> bool:
    """Whether a thread with these frames, root first, waits.

    What the C library does inside of a wait has no name: the function that was called counts.
    """
    for frame in reversed(frames):
        name, path = frame.name.partition("@")[0], frame.path
        if frame.address and _C_LIBRARY.search(path):
            continue
        if name in _WAITING and not path.endswith(".py"):
            return True
        last = name.rpartition(".")[2]
        return any(last == known and path.endswith(end) for known, end in _WAITING_PYTHON)
    return False
