"""Has a sampler attached to this process for a while, by the watcher beside it (``watcher.py``)."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import re
import select
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field, replace
from typing import IO, TYPE_CHECKING, Any

from .. import live
from ..collector import Unavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

#: As prctl(2) has it; without Yama the call fails, and nothing needs it.
_PR_SET_PTRACER = 0x59616D61
#: How long the watcher may take to answer, in seconds.
_PATIENCE = 30.0
#: Bytes of a result that are taken.
MOST_BYTES = 256_000_000
_WATCHER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "watcher.py")


class PtraceRefusedError(Unavailable):
    """The system does not let one process look into another; ``number`` is its error."""

    def __init__(self, number: int) -> None:
        super().__init__(os.strerror(number))
        self.number = number


@dataclass(frozen=True)
class Task:
    """A thread of the process, seen from outside.

    Its CPU in nanoseconds when sampling began (0 of a later one), and when sampling was over.
    """

    tid: int
    name: str
    first_cpu: int
    last_cpu: int


@dataclass(frozen=True)
class Result:
    """What a sampler wrote and how it ended.

    ``why``: stop (it was told to), timeout, ended (by itself), stuck (it was ended, as it did
    nothing), gone (the process has ended under it), or lost (the watcher is gone, and with it what
    was sampled). ``status`` is its exit code, negative for a signal. Times are of
    ``time.monotonic_ns``: it sampled from ``ready`` to ``stopped``. CPU until then, of the process
    (its clock) and of the sampler, is -1 where it is not known.
    """

    why: str
    data: bytes = b""
    status: int = 0
    ready_ns: int = 0
    stopped_ns: int = 0
    cpu_ns: int = -1
    sampler_cpu_ns: int = -1
    messages: str = ""
    tasks: list[Task] = field(default_factory=list)
    #: What it wrote, where that is on a disk; to be closed.
    file: IO[bytes] | None = None


def result_of(answer: dict[str, Any]) -> Result:
    """What the watcher tells, without what the sampler wrote."""
    return Result(
        str(answer["why"]),
        b"",
        int(answer["status"]),
        int(answer["ready"]),
        int(answer["stopped"]),
        int(answer["cpu"]),
        int(answer["sampler_cpu"]),
        _plain(str(answer["messages"])),
        [Task(*task) for task in answer["tasks"]],
    )


#: What samples this process: two of them would stop it at once, and only one may be allowed.
_running: list[Attached] = []


class Attached:
    """A sampler that samples this process, from :meth:`start` to :meth:`stop`.

    What it writes is in memory, or ``on_disk``, in a file without a name.
    """

    def __init__(self, *, on_disk: bool = False) -> None:
        self._on_disk = on_disk
        self._out: IO[bytes] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._watcher = 0
        self._ready_ns = 0
        self._buffer = b""
        self._owner = os.getpid()

    def start(
        self,
        command: Sequence[str],
        ready: str,
        *,
        probe: bool,
        timeout: float | None,
        left: int | None = None,
    ) -> None:
        """Start a sampler; it samples when this returns.

        ``command`` may hold ``{pid}`` and ``{out}``; ``ready`` is what it says when it has begun.
        ``left`` is a pipe for what was sampled where this process dies.

        Raises :class:`PtraceRefusedError` where ``probe`` is asked for and fails, and
        :class:`Unavailable` with what the sampler said where it ends at once.
        """
        if _running:
            raise Unavailable("this process is sampled already, by a native profile that runs")
        if not sys.executable:
            raise Unavailable("nobody knows which Python this is: sys.executable is empty")
        self._buffer = b""
        self._out = _nameless(on_disk=self._on_disk)
        config = {
            "out": self._out.fileno(),
            "target": os.getpid(),
            "command": list(command),
            "ready": ready,
            "probe": probe,
            "timeout": timeout,
            "left": left,
        }
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-I", "-S", _WATCHER, json.dumps(config)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                pass_fds=[self._out.fileno(), *([] if left is None else [left])],
                start_new_session=True,  # an Interrupt is for the kernel
                bufsize=0,
            )
        except OSError as error:
            raise Unavailable(f"{sys.executable} cannot be started: {error.strerror}") from None
        live.add(self)
        _running.append(self)
        try:
            self._process.wait(_PATIENCE)  # it only leaves the watcher behind
            self._watcher = int(self._answer()["pid"])
            _allow(self._watcher)
            self._tell("go")
            answer = self._answer()
        except BaseException as error:
            self._end()
            if isinstance(error, (OSError, ValueError, KeyError, subprocess.TimeoutExpired)):
                raise Unavailable("the program that looks after the sampler has ended") from None
            raise
        if "ready" in answer:
            self._ready_ns = int(answer["ready"])
            return
        self._end()
        if "refused" in answer:
            raise PtraceRefusedError(int(answer["refused"]))
        raise Unavailable(_last_words(str(answer.get("failed", ""))))

    def stop(self) -> Result:
        """End the sampler, and take what it has. Never hangs, and leaves nothing behind."""
        if self._process is None or os.getpid() != self._owner:
            return Result("lost")
        try:
            self._tell("stop")
            answer = self._answer()
            self._end()
            return self._result(answer)
        except (OSError, ValueError, KeyError):
            return Result("lost", ready_ns=self._ready_ns, stopped_ns=time.monotonic_ns())
        finally:
            self._end()

    def _result(self, answer: dict[str, Any]) -> Result:
        out, self._out = self._out, None
        assert out is not None  # noqa: S101 - start() came before
        data = b""
        if not self._on_disk:
            with out:
                data = os.pread(out.fileno(), min(os.fstat(out.fileno()).st_size, MOST_BYTES), 0)
        return replace(result_of(answer), data=data, file=out if self._on_disk else None)

    def abandon(self) -> None:
        """In the child of a fork: the sampler is its parent's."""
        self._close()

    def _end(self) -> None:
        _allow(0)
        live.remove(self)
        self._close()

    def _close(self) -> None:
        """The watcher ends when nobody talks to it any more."""
        if self in _running:
            _running.remove(self)
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _tell(self, what: str) -> None:
        assert self._process is not None and self._process.stdin is not None  # noqa: S101, PT018
        self._process.stdin.write(f"{what}\n".encode())

    def _answer(self) -> dict[str, Any]:
        """A line of the watcher. Raises ``ValueError`` where there is none."""
        while b"\n" not in self._buffer:
            self._buffer += self._read()
            if len(self._buffer) > 1 << 24:
                raise ValueError
        line, _, self._buffer = self._buffer.partition(b"\n")
        answer = json.loads(line)
        if not isinstance(answer, dict):
            raise ValueError(answer)
        return answer

    def _read(self) -> bytes:
        assert self._process is not None and self._process.stdout is not None  # noqa: S101, PT018
        number = self._process.stdout.fileno()
        ready = select.poll()  # select() takes no more than 1024 files
        ready.register(number, select.POLLIN)
        if not ready.poll(_PATIENCE * 1000):
            raise ValueError("no answer")
        data = os.read(number, 1 << 20)
        if not data:
            raise ValueError("no answer")
        return data


def _nameless(*, on_disk: bool) -> IO[bytes]:
    """A file that is gone when the last who has it open ends. Raises :class:`Unavailable`."""
    try:
        if on_disk:
            return tempfile.TemporaryFile(prefix="jupyterlab-profiler-")
        return os.fdopen(os.memfd_create("profile"), "w+b", buffering=0)
    except OSError as error:
        raise Unavailable(f"no file can be made for samples: {error.strerror}") from None


def _allow(pid: int) -> None:
    """Let a process, and those that it starts, trace this one; 0 lets none (Yama only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PTRACER, ctypes.c_ulong(pid), 0, 0, 0)


def _plain(text: str) -> str:
    """Without colours."""
    return re.sub(r"\x1b\[[0-9;]{0,20}m", "", text)


def _last_words(messages: str) -> str:
    """What a sampler said last, on one line: that is why it ended."""
    lines = [line.strip() for line in _plain(messages).splitlines() if line.strip()]
    causes = [line.removeprefix("Reason:").strip() for line in lines if line.startswith("Reason:")]
    heads = [line for line in lines if line.startswith("Error:")]
    told = [*heads[:1], *causes[-1:]] or lines[-1:]
    return "; ".join(told)[:400] or "it ended without a word"
