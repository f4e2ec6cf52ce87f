"""Looks after a sampler of another process: a program of its own, which imports nothing of ours.

Run as ``python -I -S watcher.py CONFIG``, in a session of its own. It leaves its parent at once, so
that the sampler is nobody's child: ``os.wait()`` in a cell never meets it. It ends the sampler and
itself when its stdin closes or the target is gone.

It writes lines of JSON to stdout, and is told by lines on stdin:

1. ``{"pid": N}``; now the target may allow N to trace it (``PR_SET_PTRACER``), and says ``go``.
2. ``{"refused": errno}`` where ptrace was tried and not permitted, ``{"failed": text}`` where the
   sampler ended before it sampled: then all is over. Else ``{"ready": ns}``.
3. At ``stop``, or when the sampler has ended by itself, one line that says how it went.

CONFIG is JSON: ``target`` (pid), ``out`` (an open file without a name, which the sampler writes:
nothing is left on a disk), ``command`` (``{out}`` and ``{pid}`` in it are filled in),
``ready`` (the text that says that sampling has begun), ``probe`` (whether to try ptrace
first), ``timeout`` (seconds or null), ``left`` (an open pipe or null: when the target is gone what
was sampled is written there, as nobody else can take it).
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import select
import signal
import sys
import time
from typing import NoReturn

_PR_SET_PDEATHSIG = 1
_PTRACE_SEIZE = 0x4206
#: How often the target's threads are looked at, in seconds.
_STEP = 0.2
#: How long the sampler may take to begin, and to write down what it has, in seconds.
_PATIENCE = 20.0
#: How long the target may stand still while the sampler does nothing, in seconds: a sampler that
#: waits for what never comes (as when the target was killed under it) holds it for ever.
_STUCK = 5.0
#: How much of the sampler's messages is kept, in characters.
_MESSAGES = 4000


class _Watcher:
    def __init__(self, config: dict[str, object]) -> None:
        self._config = config
        self._target = int(str(config["target"]))
        self._began = _begin_of(self._target)
        self._out = int(str(config["out"]))
        self._child = 0
        self._status = 0
        self._messages = b""
        self._output = -1
        #: CPU of the sampler, and when it was last seen to grow, or the target to run.
        self._moved = 0, 0.0
        #: Of each thread of the target, its name and its CPU in nanoseconds: when sampling began (0
        #: of one that came later), and when it was seen last while the sampler sampled.
        self._tasks: dict[int, tuple[str, int, int]] = {}
        #: When sampling was over, with the CPU of the target and of the sampler until then; in
        #: nanoseconds, -1 where it is not known.
        self._over: tuple[int, int, int] | None = None
        self._cpu = 0
        self._maps = ""

    def run(self) -> None:
        self._say({"pid": os.getpid()})
        if self._told(_PATIENCE) != "go":
            return
        refused = self._probe() if self._config.get("probe") else 0
        if refused:
            self._say({"refused": refused})
            return
        self._start()
        try:
            if not self._wait_for_ready():
                self._say({"failed": self._text(), "status": self._status})
                return
            ready = time.monotonic_ns()
            self._cpu = _cpu_of(self._child)
            self._look_at_tasks()
            self._say({"ready": ready})
            why = self._wait_for_end(ready)
            if why == "gone":
                if self._config.get("left") is not None:
                    self._leave(ready)
                return
            self._note_end()
            self._end(signal.SIGINT)
            self._deliver(why, ready)
        finally:
            self._end(signal.SIGKILL)

    def _probe(self) -> int:
        """The error of ptrace of the target, 0 if it is allowed. It is not stopped by this."""
        child = os.fork()
        if not child:
            libc = ctypes.CDLL(None, use_errno=True)
            libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
            libc.ptrace.restype = ctypes.c_long
            failed = libc.ptrace(_PTRACE_SEIZE, self._target, None, None) < 0
            # The system lets the target go when its tracer ends.
            os._exit(min(ctypes.get_errno() or errno.EPERM, 255) if failed else 0)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    def _start(self) -> None:
        own, theirs = os.pipe()
        parent = os.getpid()
        child = os.fork()
        if child:
            os.close(theirs)
            self._child, self._output = child, own
            return
        try:
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)
            os.dup2(os.open(os.devnull, os.O_RDWR), 0)
            os.dup2(theirs, 1)
            os.dup2(theirs, 2)
            os.set_inheritable(self._out, True)
            names = {"{out}": f"/proc/self/fd/{self._out}", "{pid}": str(self._target)}
            # A list of texts, as who writes the configuration has it.
            # What JSON holds is known to this module alone.
            command = [names.get(word, word) for word in list(self._config["command"])]  # type: ignore[call-overload]
            os.execv(command[0], command)  # noqa: S606 - what the target asks for
        except BaseException as error:  # noqa: BLE001 - the child must not go on as its parent
            os.write(2, f"{command[0]}: {error}".encode())
        finally:
            os._exit(127)

    def _wait_for_ready(self) -> bool:
        sign = str(self._config["ready"]).encode()
        limit = time.monotonic() + _PATIENCE
        while sign not in self._messages:
            if not self._step(limit - time.monotonic()):
                return False
            if time.monotonic() > limit:
                self._end(signal.SIGKILL)
                self._messages += f"\nError: it did not begin within {_PATIENCE:.0f} s".encode()
                return False
        return True

    def _wait_for_end(self, ready: int) -> str:
        """Why sampling is over, as ``attach.Result`` has it; ``gone``: the target is."""
        timeout = self._config.get("timeout")
        limit = ready + int(float(str(timeout)) * 1e9) if timeout is not None else None
        why = ""
        while True:
            now = time.monotonic_ns()
            if limit is not None and now >= limit and not why:
                why = "timeout"
                self._note_end()
                self._end(signal.SIGINT)
            left = _STEP if limit is None or why else min(_STEP, max(limit - now, 0) / 1e9)
            told = self._told(left)
            if told == "stop":
                return why or "stop"
            if told is None or _begin_of(self._target) != self._began:
                return "gone"
            if self._child:
                self._step(0)
            if self._child and self._is_stuck():
                why = why or "stuck"
                self._note_end()
                self._end(signal.SIGKILL)
            if not self._child:
                why = why or "ended"
                self._note_end()
            if self._over is None:
                self._look_at_tasks()

    def _note_end(self) -> None:
        """Keep what there is when sampling is over: what the target does later is in no sample."""
        if self._over is None:
            sampler = _cpu_of(self._child) - self._cpu if self._child else -1
            self._over = time.monotonic_ns(), _clock_of(self._target), sampler
            self._look_at_tasks()

    def _is_stuck(self) -> bool:
        now, cpu = time.monotonic(), _cpu_of(self._child)
        if cpu != self._moved[0] or _stat_of(self._target)[:1] != ["t"] or not self._moved[1]:
            self._moved = cpu, now
        return now - self._moved[1] > _STUCK

    def _told(self, seconds: float) -> str | None:
        """What the target says, "" if nothing; None when it says nothing any more."""
        watched = [0] if not self._child else [0, self._output]
        readable, _, _ = select.select(watched, [], [], max(seconds, 0))
        if self._output in readable:
            self._step(0)
        if 0 not in readable:
            return ""
        return os.read(0, 4096).decode().strip() or None

    def _step(self, seconds: float) -> bool:
        """Take a message of the sampler. False when it has ended."""
        readable, _, _ = select.select([self._output], [], [], max(seconds, 0))
        if not readable:
            return True
        text = os.read(self._output, 65536)
        self._messages = (self._messages + text)[-_MESSAGES * 4 :]
        if not text:
            self._reap()
        return bool(text)

    def _reap(self) -> None:
        if self._child:
            self._status = os.waitstatus_to_exitcode(os.waitpid(self._child, 0)[1])
            self._child = 0
            os.close(self._output)

    def _end(self, how: int) -> None:
        """Ask the sampler to end, and see that it does."""
        if not self._child:
            return
        os.kill(self._child, how)
        limit = time.monotonic() + _PATIENCE
        while self._child and time.monotonic() < limit:
            self._step(limit - time.monotonic())
        if self._child:
            os.kill(self._child, signal.SIGKILL)
            self._reap()

    def _deliver(self, why: str, ready: int) -> None:
        self._say(self._answer(why, ready))

    def _leave(self, ready: int) -> None:
        """The sampler ends with its target, and writes what it has."""
        self._note_end()
        limit = time.monotonic() + _PATIENCE
        while self._child and time.monotonic() < limit:
            self._step(limit - time.monotonic())
        length = os.fstat(self._out).st_size
        answer = self._answer("gone", ready) | {"maps": self._maps, "length": length}
        pipe = int(str(self._config["left"]))
        _write(pipe, json.dumps(answer).encode() + b"\n")
        at = 0
        while data := os.pread(self._out, 1 << 20, at):
            _write(pipe, data)
            at += len(data)

    def _answer(self, why: str, ready: int) -> dict[str, object]:
        stopped, cpu, sampler_cpu = self._over or (time.monotonic_ns(), -1, -1)
        return {
            "why": why,
            "status": self._status,
            "ready": ready,
            "stopped": stopped,
            "cpu": cpu,
            "sampler_cpu": sampler_cpu,
            "messages": self._text(),
            "tasks": [[tid, *seen] for tid, seen in self._tasks.items()],
        }

    def _look_at_tasks(self) -> None:
        folder, is_first = f"/proc/{self._target}/task", not self._tasks
        try:
            names = os.listdir(folder)
        except OSError:
            return
        if self._config.get("left") is not None:
            # Of a process that is gone nobody knows where its libraries were.
            self._maps = _whole(f"/proc/{self._target}/maps") or self._maps
        for name in names:
            cpu = task_cpu(f"{folder}/{name}")
            if cpu is None:
                continue
            known = self._tasks.get(int(name))
            if known is None:
                known = _first_line(f"{folder}/{name}/comm"), cpu if is_first else 0, cpu
            self._tasks[int(name)] = (known[0], known[1], cpu)

    def _text(self) -> str:
        return self._messages.decode("utf-8", "replace")[-_MESSAGES:]

    def _say(self, what: dict[str, object]) -> None:
        _write(1, json.dumps(what).encode() + b"\n")


def _write(number: int, data: bytes) -> None:
    while data:
        data = data[os.write(number, data) :]


def _whole(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return file.read()
    except OSError:
        return ""


def task_cpu(folder: str) -> int | None:
    """Nanoseconds of CPU that a thread has taken, by its folder in ``/proc``."""
    try:
        with open(f"{folder}/schedstat", encoding="ascii") as file:
            return int(file.read().split()[0])
    except (OSError, ValueError, IndexError):
        pass
    try:
        with open(f"{folder}/stat", encoding="utf-8", errors="replace") as file:
            return _ticks(file.read())
    except (OSError, ValueError, IndexError):
        return None


def _clock_of(pid: int) -> int:
    """Nanoseconds of CPU of a process by its clock (clock_getcpuclockid(3)), -1 if not known."""
    try:
        return time.clock_gettime_ns(~pid << 3 | 2)
    except OSError:
        return -1


def _cpu_of(pid: int) -> int:
    """Nanoseconds of CPU of all threads of a process, 0 where they are not known."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            return _ticks(file.read())
    except (OSError, ValueError, IndexError):
        return 0


def _ticks(stat: str) -> int:
    """Of user and system, behind the name in brackets, which may hold anything (proc(5))."""
    fields = stat.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * (10**9 // os.sysconf("SC_CLK_TCK"))


def _begin_of(pid: int) -> str:
    """When a process began: its number may be given to another one."""
    return "".join(_stat_of(pid)[19:20])


def _stat_of(pid: int) -> list[str]:
    """What proc(5) has behind the name of a process, its state first; empty where it is gone."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rpartition(")")[2].split()
    except OSError:
        return []


def _first_line(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.readline().strip()
    except OSError:
        return ""


def main() -> NoReturn:
    """Leave the parent, and watch."""
    if os.fork():
        os._exit(0)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN if number == signal.SIGHUP else signal.SIG_DFL)
    try:
        _Watcher(json.loads(sys.argv[1])).run()
    except BrokenPipeError:
        pass
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
