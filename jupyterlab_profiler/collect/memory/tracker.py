"""Drives memray in this process: starts and ends the recording, and bounds its file."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import threading
import weakref
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter_ns
from typing import Any

from ..collector import Unavailable, hide
from ..profilefunc import profile_all_from

INSTALL = 'pip install "jupyterlab_profiler[native]"'

#: Bytes of a recording, at which it ends: about 20 million allocations and frees, which take
#: about a minute to read.
FILE_LIMIT = 128_000_000
#: What is left free of the disk that the recording lies on.
DISK_LEFT = 100_000_000
#: Seconds between two looks at the size of the file.
PAUSE = 0.05
#: The name of the thread that looks.
WATCHER = "jupyterlab_profiler memory"
#: Size of the allocation that ends a recording. Above 512, so that no arena of Python's has it.
MARK = 3_001
#: Earlier ones number stacks otherwise, or do not say when their file is full.
OLDEST = (1, 19, 2)
_BYTE = b"-"


@dataclass(frozen=True)
class Recorded:
    """What the tracker leaves: the file, and what is known of the process around it."""

    path: Path
    version: str
    native: bool
    python_allocators: bool
    #: Resident bytes of the process at the start and at the end; None if not known.
    rss: tuple[int | None, int | None]
    #: Why the recording ended before the code did, "" if it did not.
    stopped: str
    stop_ns: int


class MemoryTracker:
    """One recording. Records every thread of the process from :meth:`start` to :meth:`stop`."""

    def __init__(self, *, native: bool, python_allocators: bool, limit: int | None = None) -> None:
        self._limit = limit or FILE_LIMIT
        self._native = native
        self._python_allocators = python_allocators
        self._tracker: Any = None
        self._file: _RecordingFile | None = None
        self._set_os_name: object = None
        self._pid = os.getpid()
        self._rss: int | None = None
        self._stopped = ""
        self._ending = threading.Event()
        self._lock = threading.Lock()
        self._watcher: threading.Thread | None = None
        self.recorded: Recorded | None = None

    def start(self) -> None:
        """Begin to record. Raises :class:`~..collector.Unavailable`; then nothing is left."""
        memray = _memray()
        if (other := sys.getprofile()) is not None:
            raise Unavailable(
                f"another profiler is on in this thread ({_name(other)}), and memray would turn it "
                "off: end it first"
            )
        self._file = file = _RecordingFile()
        # Also when nobody comes to read it.
        self._remove = weakref.finalize(self, file.remove)
        self._set_os_name = vars(threading.Thread).get("_set_os_name")
        self._rss = resident_bytes()
        try:
            tracker = memray.Tracker(
                destination=memray.FileDestination(file.path, compress_on_exit=False),
                native_traces=self._native,
                trace_python_allocators=self._python_allocators,
                follow_fork=False,
            )
            _enter(tracker, memray)
            self._tracker = tracker
            file.hide()
        except Exception as error:  # noqa: BLE001 - whatever memray raises, the cell does not run
            self._end("")
            self.forget()
            if "one Tracker" in str(error):
                raise Unavailable(
                    "memray is recording already, and can do so only once at a time in a process: "
                    "end that recording first"
                ) from None
            raise Unavailable(f"memray cannot record: {error}") from None
        except BaseException:
            self._end("")
            self.forget()
            raise
        self._watcher = threading.Thread(
            target=self._watch, args=(file,), name=WATCHER, daemon=True
        )
        self._watcher.start()

    def stop(self) -> None:
        """End the recording. Safe to call twice, and in a child process, where it does nothing."""
        if os.getpid() != self._pid or self.recorded is not None or self._file is None:
            return
        began = perf_counter_ns()
        end_of_recording()
        self._end("")
        if sys.getprofile() is None:
            sys.setprofile(None)  # memray's function stays where another thread has ended it
        self._ending.set()
        if self._watcher is not None:
            self._watcher.join()
        memray = _memray()
        self.recorded = Recorded(
            self._file.path,
            str(getattr(memray, "__version__", "")),
            self._native,
            self._python_allocators,
            (self._rss, resident_bytes()),
            self._stopped,
            perf_counter_ns() - began,
        )

    def forget(self) -> None:
        """Remove all files."""
        self._ending.set()
        if self._file is not None:
            self._remove()

    def _end(self, why: str) -> None:
        with self._lock:
            tracker, self._tracker = self._tracker, None
            if tracker is None:
                return
            self._stopped = why
            tracker.__exit__(None, None, None)
            # memray leaves its own there (Python 3.14).
            if self._set_os_name is not None:
                # Only where this Python has the method, which its stub does not know.
                threading.Thread._set_os_name = self._set_os_name  # type: ignore[attr-defined]  # noqa: SLF001

    def _watch(self, file: _RecordingFile) -> None:
        while not self._ending.wait(PAUSE):
            try:
                size, left = file.sizes()
            except OSError:
                continue
            if size > self._limit:
                self._end(
                    f"its file had reached {self._limit // 1_000_000} MB (--file-limit sets more)"
                )
                return
            if left < DISK_LEFT and size > DISK_LEFT // 100:
                self._end(f"the disk of {tempfile.gettempdir()} is nearly full")
                return


class _RecordingFile:
    """A file in a temporary folder of its own; where it can be, without a name while it is used.

    Then nothing stays when the process is killed.
    """

    def __init__(self) -> None:
        self._pid = os.getpid()
        self._folder = tempfile.mkdtemp(prefix="jupyterlab-profiler-")
        self._number = -1
        self.path = Path(self._folder) / "memory.bin"

    def hide(self) -> None:
        """Take its name away, if it can be read without one."""
        self._number = os.open(self.path, os.O_RDONLY)
        by_number = Path(f"/proc/self/fd/{self._number}")
        if by_number.exists():
            shutil.rmtree(self._folder, ignore_errors=True)
            self.path = by_number

    def sizes(self) -> tuple[int, int]:
        """Bytes of the file, and bytes that are left on its disk."""
        disk = os.fstatvfs(self._number)
        return os.fstat(self._number).st_size, disk.f_bavail * disk.f_frsize

    def remove(self) -> None:
        """Close and remove it; in a child process nothing is removed."""
        if self._number >= 0:
            os.close(self._number)
            self._number = -1
        if os.getpid() == self._pid:
            shutil.rmtree(self._folder, ignore_errors=True)


def end_of_recording() -> bytearray:
    """An allocation under this name: where it is missing, the recording is not whole."""
    return bytearray(MARK)


def resident_bytes() -> int | None:
    """How much of the process is in memory; None where that is not known."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        pass
    psutil = sys.modules.get("psutil")  # every ipykernel has loaded it
    try:
        return int(psutil.Process().memory_info().rss) if psutil is not None else None
    except Exception:  # noqa: BLE001 - an extra
        return None


def _memray() -> Any:
    if sys.platform == "win32":
        raise Unavailable("memray, which records memory, does not run on Windows")
    try:
        import memray
    except ImportError as error:
        if isinstance(error, ModuleNotFoundError) and error.name == "memray":
            raise Unavailable(f"memray is not installed: {INSTALL}") from None
        raise Unavailable(f"memray cannot be loaded here: {error}") from None
    version = str(getattr(memray, "__version__", ""))
    if not _is_new_enough(version):
        oldest = ".".join(map(str, OLDEST))
        raise Unavailable(f"memray {version} is older than {oldest}: {INSTALL}")
    return memray


def _enter(tracker: Any, memray: Any) -> None:
    """Begin to record. memray asks for a thread's Python stack when that next calls something.

    Left alone, memray (1.20, tracking_api.cpp, ``PyTraceFunction``) knows the stacks of all threads
    from the start, and ends each one at the thread's first event, for which it writes without its
    lock: at the same time as another thread that allocates. That breaks the file, or the process.
    A thread that begins to be traced has nothing to write.
    """

    def begin_afresh(*_event: object) -> None:
        # An allocation ends, under the lock, what memray has written of this thread's stack.
        _ = _BYTE * MARK
        sys.setprofile(memray.start_thread_trace)

    profile_all_from(tracker.__enter__, begin_afresh)
    threading.setprofile(memray.start_thread_trace)


def _is_new_enough(version: str) -> bool:
    found = re.match(r"(\d+)\.(\d+)\.(\d+)", version)
    return found is None or tuple(map(int, found.groups())) >= OLDEST


def _name(profiler: object) -> str:
    return str(getattr(profiler, "__qualname__", type(profiler).__qualname__))


hide(MemoryTracker.start, MemoryTracker.stop, end_of_recording)
