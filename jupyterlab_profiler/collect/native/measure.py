"""What ``%%native`` measures: stacks of Python and compiled code, sampled from outside."""

from __future__ import annotations

import threading
from dataclasses import replace
from time import process_time_ns, thread_time_ns
from typing import TYPE_CHECKING, Any, TypeVar

from ...model import Warned
from ..collector import Unavailable, displayhook_code, hide

if TYPE_CHECKING:
    import pstats
    from collections.abc import Callable
    from types import CodeType

    from ...measure import Functions
    from ...model import Meta, Profile
    from ..clock import Stopwatch
    from ..files import Cells
    from .attach import Result
    from .choose import Choice
    from .engines import Wanted

T = TypeVar("T")


class Native:
    """Samples what runs; where nothing can, calls are recorded as a profile of functions has them.

    ``module`` is the file of the code. It fulfils
    :class:`~jupyterlab_profiler.measure.Measure`.
    """

    call: Callable[..., Any]

    def __init__(
        self, hook: object, module: str, wanted: Wanted, *, engine: str | None = None
    ) -> None:
        self._hook = hook
        self._module = module
        self._wanted = wanted
        self._asked = engine
        self._choice: Choice | None = None
        self._result: Result | None = None
        self._functions: Functions | None = None
        self._tid = 0
        #: Code objects of the cell: of its top level nothing else is left when it has run.
        self._codes: list[CodeType] = []
        #: CPU of the process and of this thread: when the code began, and when it was left last.
        self._began: tuple[int, int] | None = None
        self._ended = (0, 0)
        #: CPU of this thread while the code ran.
        self._thread_cpu_ns = 0
        self.call = self._call

    def start(self) -> None:
        """Start a sampler, or what is there instead."""
        from .choose import start

        self._choice = start(self._wanted, self._asked)
        self._tid = threading.get_native_id()
        if self._choice.sampler is None:
            self._functions = self._recording(self._choice)
            self.call = self._functions.call
            self._began = process_time_ns(), thread_time_ns()
        elif self._wanted.left is not None:
            from .left import announce

            engine = self._choice.sampler.engine(self._choice.reason)
            announce(self._wanted.left, self._place(), engine, self._wanted)

    def _recording(self, choice: Choice) -> Functions:
        """Calls as they are recorded, started; of this thread alone, where no engine has others."""
        from ...measure import Functions

        functions = Functions(self._hook, self._module, threads=self._wanted.threads)
        try:
            functions.start()
        except Unavailable as error:
            if not self._wanted.threads:
                raise
            choice.warnings.append(Warned("threads", f"Other threads are not shown: {error}."))
            functions = Functions(self._hook, self._module)
            functions.start()
        return functions

    def _call(self, function: Callable[..., T], *args: Any) -> T:
        if self._began is None:
            self._began = process_time_ns(), thread_time_ns()
        before = thread_time_ns()
        try:
            return function(*args)
        finally:
            self._ended = process_time_ns(), thread_time_ns()
            self._thread_cpu_ns += self._ended[1] - before

    def prepare(self, code: CodeType) -> CodeType:
        """It runs as it is."""
        self._codes.append(code)
        return code

    def resume(self) -> None:
        """A sampler samples all the time."""
        if self._functions is not None:
            self._functions.resume()

    def pause(self) -> None:
        """As :meth:`resume`."""
        if self._functions is not None:
            self._functions.pause()

    def mute(self) -> bool:
        """Our own machinery is not below the code."""
        return self._functions.mute() if self._functions is not None else False

    def unmute(self, before: bool) -> None:
        """As :meth:`mute`."""
        if self._functions is not None:
            self._functions.unmute(before)

    def stop(self) -> None:
        """End the sampler."""
        if self._functions is not None:
            self._ended = process_time_ns(), thread_time_ns()
            self._functions.stop()
        elif self._result is None and self._choice is not None and self._choice.sampler:
            self._result = self._choice.sampler.stop()

    def build(self, watch: Stopwatch, meta: Meta, cells: Cells, rest: str | None) -> Profile:
        """The Profile with call paths and lines."""
        assert self._choice is not None  # noqa: S101 - start() came before
        from .report import Cpu, coverage, report

        choice = self._choice
        if self._functions is not None:
            profile = self._functions.build(watch, meta, cells, rest)
            why = f"{choice.reason} ({meta.engine.reason})"
            meta.engine = replace(meta.engine, reason=why)
            meta.warnings += choice.warnings
            began = self._began or self._ended
            profile.checks.append(
                coverage(self._ended[1] - began[1], self._ended[0] - began[0], "Recorded calls")
            )
            return profile

        assert self._result is not None and choice.sampler is not None  # noqa: S101, PT018
        began = self._began or self._ended
        cpu = Cpu(self._ended[0] - began[0], self._thread_cpu_ns, *self._later(self._result))
        return report(choice, self._result, self._wanted, cpu, self._place(), watch, meta, cells)

    def _later(self, result: Result) -> tuple[int, int]:
        """CPU of the process and of this thread after the sampler had ended before the code."""
        if result.why == "stop" or result.cpu_ns < 0:
            return 0, 0
        own = next((task.last_cpu for task in result.tasks if task.tid == self._tid), None)
        return (
            max(self._ended[0] - result.cpu_ns, 0),
            0 if own is None else min(max(self._ended[1] - own, 0), self._thread_cpu_ns),
        )

    def _place(self) -> Any:
        from .stacks import Place

        return Place(self._module, self._tid, tuple(self._codes), displayhook_code(self._hook))

    def returned(self, profile: Profile) -> pstats.Stats:
        """As ``%prun`` has it."""
        return profile.stats()


hide(Native._call)  # noqa: SLF001 - of this module
