"""What samples, behind one Protocol: :class:`Sampler`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from ..collector import Unavailable
from . import pyspy
from .attach import Attached, PtraceRefusedError, Result
from .rights import ptrace_reason

if TYPE_CHECKING:
    from ...model import Engine
    from .stacks import RawStacks


@dataclass(frozen=True)
class Wanted:
    """How to sample: so many times a second, other threads as well, no longer than ``timeout``.

    ``is_script``: what runs is a process of its own, and no kernel. ``left``: a pipe for what was
    sampled where that dies.
    """

    rate: int = 25
    threads: bool = False
    timeout: float | None = None
    is_script: bool = False
    left: int | None = None


def wanted_of(
    rate: int | None,
    threads: bool,
    timeout: float | None,
    *,
    is_script: bool = False,
    left: int | None = None,
) -> Wanted:
    """With the default of what is None."""
    return Wanted(rate or Wanted.rate, threads, timeout, is_script, left)


class Sampler(Protocol):
    """Samples this process from :meth:`start` to :meth:`stop`."""

    #: What it is called among :data:`~jupyterlab_profiler.collect.native.ENGINES`.
    name: str
    #: Whether it sees compiled code, and threads that Python knows nothing of.
    sees_native: bool
    sees_all_threads: bool
    #: Whether the process stands still while it looks, and whether a sample is CPU time: then
    #: nothing that waits is sampled, and ``period_ns`` lies between two.
    stops: bool
    counts_cpu: bool
    period_ns: float

    def start(self) -> None:
        """Begin. Raises :class:`Unavailable` with one line: why it cannot, and what to do."""

    def stop(self) -> Result:
        """End. Never raises for what the sampler did, and leaves nothing behind."""

    def stacks(self, result: Result) -> RawStacks:
        """What it has seen."""

    def engine(self, reason: str) -> Engine:
        """What to tell of it."""


#: What py-spy says where it met a thread between two frames: the next time it may not.
_BY_CHANCE = "Failed to merge"
#: Why ptrace is refused, once that is known of this process; "" when it is allowed.
_ptrace: list[str] = []


class PySpy:
    """py-spy, attached to this process."""

    sees_all_threads = False
    counts_cpu = False
    period_ns = 0.0

    def __init__(self, wanted: Wanted, *, native: bool) -> None:
        self.name = "py-spy" if native else "py-spy-nonblocking"
        self.sees_native = self.stops = native
        self._wanted = wanted
        self._version = ""
        self._attached = Attached()

    def start(self) -> None:
        """Attach it. Tries ptrace first, once for this process."""
        path, self._version = pyspy.find()
        if self.sees_native and _ptrace and _ptrace[0]:
            raise Unavailable(_ptrace[0])
        try:
            self._attach(path)
        except PtraceRefusedError as error:
            _ptrace[:] = [ptrace_reason(error.number)]
            raise Unavailable(_ptrace[0]) from None
        except Unavailable as error:
            if _BY_CHANCE not in str(error):
                raise Unavailable(f"py-spy could not begin ({error})") from None
            try:
                self._attach(path)
            except Unavailable as again:
                raise Unavailable(f"py-spy could not begin ({again})") from None
        if self.sees_native:
            _ptrace[:] = [""]

    def _attach(self, path: str) -> None:
        self._attached.start(
            pyspy.command(path, self._wanted.rate, native=self.sees_native),
            pyspy.READY,
            probe=self.sees_native and not _ptrace,
            timeout=self._wanted.timeout,
            left=self._wanted.left,
        )

    def stop(self) -> Result:
        """Detach it."""
        return self._attached.stop()

    def stacks(self, result: Result) -> RawStacks:
        """As it wrote them, raw."""
        from .stacks import read_raw

        return read_raw(result.data)

    def engine(self, reason: str) -> Engine:
        """Its version, and how often it looks."""
        from ...model import Engine

        return Engine(
            self.name, self._version, reason, f"samples, {self._wanted.rate} asked for each second"
        )
