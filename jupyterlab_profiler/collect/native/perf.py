"""perf, where it is installed and permitted: it sees all threads, those of compiled code as well.

Python functions have names only in a process that was started with CPython's perf support:
``-X perf_jit`` (3.13 and newer), else ``-X perf``.
"""

from __future__ import annotations

import glob
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from ...cppname import short_name
from ...formats.perflines import Header, PerfFrame, frame_of, function_of, header_of
from ...formats.textlines import lines_of
from ...model import Engine
from ..collector import Unavailable
from .attach import MOST_BYTES, Attached, Result
from .stacks import RawFrame, RawStack, RawStacks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...model import Profile
    from .engines import Wanted

#: Samples a second where nobody says how many: a sample costs next to nothing while it is taken.
RATE = 99
#: Bytes of the stack that are kept with a sample: less cuts stacks of Python short.
_STACK = 32_768
_PARANOID = "/proc/sys/kernel/perf_event_paranoid"
#: Seconds that perf may take to put names to what it recorded.
_PATIENCE = 600.0
#: Where CPython and perf leave what belongs to code made at run time.
_LEFT = ("/tmp/jit-{}.dump", "/tmp/perf-{}.map", "/tmp/jitted-{}-*.so")  # noqa: S108 - CPython's
#: What ``perf record -v`` says when it is about to begin.
_READY = "mmap size"
_FIELDS = "comm,pid,tid,time,period,event,ip,sym,dso"


def find() -> str:
    """The path of perf, which may sample here. Raises :class:`Unavailable` with what to do."""
    path = shutil.which("perf")
    if path is None:
        raise Unavailable(
            "perf is not installed (Debian: apt-get install linux-perf; Ubuntu: "
            "linux-tools-generic)"
        )
    if why := _refused(path):
        raise Unavailable(why)
    return path


@cache
def _refused(path: str) -> str:
    """Why perf cannot record here, "" if it can."""
    with tempfile.TemporaryDirectory(prefix="jupyterlab-profiler-") as folder:
        data = os.path.join(folder, "perf.data")
        try:
            tried = subprocess.run(  # noqa: S603 - the system's
                [
                    path,
                    "record",
                    "-q",
                    "-e",
                    _event(),
                    "-o",
                    data,
                    "--",
                    sys.executable,
                    "-S",
                    "-c",
                    "1",
                ],
                capture_output=True,
                text=True,
                errors="replace",
                timeout=20,
                stdin=subprocess.DEVNULL,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"{path} cannot be run ({error})"
    if not tried.returncode:
        return ""
    said = " ".join(tried.stderr.split())[:200]
    return (
        f"perf may not record here (kernel.perf_event_paranoid is {_paranoid()}; {said}): sudo "
        "sysctl kernel.perf_event_paranoid=1, or a container with the capability PERFMON"
    )


def _paranoid() -> str:
    try:
        with open(_PARANOID, encoding="ascii") as file:
            return file.read().strip()
    except OSError:
        return "not known"


def _event() -> str:
    """The clock, of the process alone where the kernel's side is not to be seen."""
    level = _paranoid()
    is_open = os.geteuid() == 0 or level in ("-1", "0", "1")
    return "cpu-clock" if is_open else "cpu-clock:u"


def support() -> list[str]:
    """Options of Python with which perf can name its functions."""
    if sys.version_info >= (3, 13):
        return ["-X", "perf_jit"]
    elif sys.version_info >= (3, 12):
        return ["-X", "perf"]
    else:
        return []


def record(path: str, rate: int, folder: str, program: Sequence[str]) -> list[str]:
    """What records Python with these arguments; its number is left in ``folder``."""
    noted = ["sh", "-c", 'echo $$ > "$0"; exec "$@"', os.path.join(folder, "pid")]
    return [
        *(path, "record", "-q", "-F", str(rate), "-e", _event(), "-k", "mono"),
        *("--call-graph", f"dwarf,{_STACK}", "-o", os.path.join(folder, "perf.data"), "--"),
        *(*noted, sys.executable, *support(), *program),
    ]


def text_of(path: str, folder: str, *, jit: bool) -> str:
    """Put names to what was recorded. Returns the file that holds the text of it.

    What was left behind for code made at run time is removed. Raises ``OSError`` with what perf
    said.
    """
    data, text = os.path.join(folder, "perf.data"), os.path.join(folder, "perf.txt")
    try:
        if jit:
            injected = os.path.join(folder, "jit.data")
            _run([path, "inject", "--jit", "-i", data, "-o", injected], folder)
            data = injected
        with open(text, "wb") as file:
            _run([path, "script", "-i", data, "-F", _FIELDS, "--no-inline"], folder, file)
    finally:
        for left in _left(os.path.join(folder, "pid")):
            os.unlink(left)
    return text


def _run(command: list[str], folder: str, output: object = subprocess.DEVNULL) -> None:
    try:
        # What is passed differs by case, and its overloads are told apart by that.
        ended = subprocess.run(  # type: ignore[call-overload] # noqa: S603 - the system's
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.PIPE,
            cwd=folder,
            timeout=_PATIENCE,
        )
    except subprocess.TimeoutExpired:
        raise OSError(f"perf {command[1]} took more than {_PATIENCE:.0f} s and was ended") from None
    if ended.returncode:
        said = " ".join(ended.stderr.decode("utf-8", "replace").split())[:300]
        raise OSError(f"perf {command[1]} failed: {said or ended.returncode}")


def _left(noted: str) -> list[str]:
    try:
        with open(noted, encoding="ascii") as file:
            pid = int(file.read())
    except (OSError, ValueError):
        return []
    return [path for pattern in _LEFT for path in glob.glob(pattern.format(pid))]


def shorten(profile: Profile) -> None:
    """Give functions of C++ their short names; the whole ones are their qualified ones."""
    profile.functions = [
        replace(function, name=short_name(function.name), qualified=function.name)
        if function.kind in ("native", "jit")
        else function
        for function in profile.functions
    ]


class Perf:
    """perf, attached to this process: samples of CPU time of all its threads."""

    name = "perf"
    sees_native = sees_all_threads = counts_cpu = True
    stops = False

    def __init__(self, wanted: Wanted) -> None:
        self._rate = wanted.rate
        self._timeout = wanted.timeout
        self._path = ""
        self._attached = Attached(on_disk=True)
        self.period_ns = 1e9 / self._rate

    def start(self) -> None:
        """Attach it."""
        self._path = find()
        options = ["-v", "-F", str(self._rate), "-e", _event(), "-k", "mono"]
        options += ["--call-graph", f"dwarf,{_STACK}", "-o", "{out}", "-p", "{pid}"]
        self._attached.start(
            [self._path, "record", *options], _READY, probe=False, timeout=self._timeout
        )

    def stop(self) -> Result:
        """Detach it."""
        return self._attached.stop()

    def stacks(self, result: Result) -> RawStacks:
        """What it recorded, with names. Raises ``ValueError`` with what perf said."""
        if result.file is None:
            return RawStacks()
        with (
            result.file,
            tempfile.TemporaryDirectory(prefix="jupyterlab-profiler-") as folder,
        ):
            os.symlink(
                f"/proc/{os.getpid()}/fd/{result.file.fileno()}", os.path.join(folder, "perf.data")
            )
            try:
                with open(text_of(self._path, folder, jit=has_jit()), "rb") as file:
                    return _raw(file.read(MOST_BYTES))
            except OSError as error:
                raise ValueError(str(error)) from None
            finally:
                for left in glob.glob(_LEFT[2].format(os.getpid())):
                    os.unlink(left)

    def engine(self, reason: str) -> Engine:
        """How often it looks."""
        return Engine(
            "perf", "", reason, f"samples of CPU time, {self._rate} asked for each second"
        )


def has_support() -> bool:
    """Whether this process was started so that perf can name its Python functions."""
    active = getattr(sys, "is_stack_trampoline_active", None)
    return bool(active is not None and active())


def has_jit() -> bool:
    """Whether names are in a dump that has to be put into a recording."""
    return has_support() and os.path.exists(_LEFT[0].format(os.getpid()))


def _raw(text: bytes) -> RawStacks:
    """The stacks of what perf script printed."""
    found = RawStacks()
    numbers: dict[RawFrame, int] = {}
    counts: dict[tuple[int, str, tuple[int, ...]], int] = {}
    header: Header | None = None
    frames: list[int] = []
    for line in lines_of(text):
        if not line.text.strip():
            if header is not None and frames:
                key = header.tid, header.comm, tuple(reversed(frames))
                counts[key] = counts.get(key, 0) + 1
            header, frames = None, []
        elif header is None:
            header = header_of(line.text)
            found.damaged += header is None
        elif (frame := frame_of(line.text)) is not None:
            raw = _frame(frame)
            number = numbers.setdefault(raw, len(numbers))
            if number == len(found.frames):
                found.frames.append(raw)
            frames.append(number)
    found.stacks = [RawStack(tid, name, key, count) for (tid, name, key), count in counts.items()]
    return found


def _frame(frame: PerfFrame) -> RawFrame:
    parts = function_of(frame, frame.object)
    return RawFrame(parts.qualified or parts.name, parts.path or frame.object, 0)
