"""What a session of ``%%memory`` measures."""

from __future__ import annotations

import sys
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any, TypeVar

from ...measure import AlwaysOn
from ..collector import displayhook_code, hide
from .holding import interrupts_held
from .tracker import MemoryTracker

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType

    from ...model import Meta, Profile
    from ..clock import Stopwatch
    from ..files import Cells

T = TypeVar("T")


class Memory(AlwaysOn):
    """What was allocated, by memray. It fulfils :class:`~jupyterlab_profiler.measure.Measure`.

    The recording goes from :meth:`start` to :meth:`stop`: memray has one at a time, and the peak of
    a cell is one of all of its statements. What the kernel does between them is told apart by its
    stacks, as our own frames are by their file.
    """

    def __init__(
        self,
        hook: object = None,
        module: str | None = None,
        *,
        native: bool = True,
        python_allocators: bool = False,
        file_limit: int | None = None,
    ) -> None:
        self._hook = hook
        self._module = module
        self._native = native
        self._tracker = MemoryTracker(
            native=native, python_allocators=python_allocators, limit=file_limit
        )
        self._codes: list[CodeType] = []
        self._outside: set[str] = set()
        self._is_interrupted = False

    def start(self) -> None:
        """Begin to record."""
        frame: FrameType | None = sys._getframe()  # noqa: SLF001 - which cells run around it
        while frame is not None:
            self._outside.add(frame.f_code.co_filename)
            frame = frame.f_back
        with interrupts_held() as held:
            self._tracker.start()
            if held:
                self._tracker.stop()
                self._tracker.forget()
        if held:
            raise KeyboardInterrupt

    def call(self, function: Callable[..., T], *args: Any) -> T:
        """Call: the recording is on."""
        return function(*args)

    def prepare(self, code: CodeType) -> CodeType:
        """It runs as it is, and is kept for its lines."""
        self._codes.append(code)
        return code

    def stop(self) -> None:
        """End the recording. An Interrupt meanwhile is one of the reading: the code had ended."""
        with interrupts_held() as held:
            self._tracker.stop()
        self._is_interrupted |= bool(held)

    def build(self, watch: Stopwatch, meta: Meta, cells: Cells, rest: str | None) -> Profile:  # noqa: ARG002 - the Protocol's
        """The Profile, after :meth:`stop`. The recording is removed, whatever happens."""
        from .build import build
        from .cut import Cutter
        from .reading import read

        recorded = self._tracker.recorded
        assert recorded is not None  # noqa: S101 - stop() came before
        began = perf_counter_ns()
        try:
            if self._is_interrupted:
                raise KeyboardInterrupt
            reading = read(recorded)
            cutter = Cutter(
                cells, self._module, self._outside, displayhook_code(self._hook), self._native
            )
            return build(recorded, reading, cutter, watch, meta, cells, self._codes, began)
        except KeyboardInterrupt:
            raise RuntimeError("reading the recording was interrupted") from None
        finally:
            self._tracker.forget()

    def returned(self, profile: Profile) -> Profile:
        """What the option ``-r`` gives: the Profile itself."""
        return profile


hide(Memory.start, Memory.call, Memory.stop)
