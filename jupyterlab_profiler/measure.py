"""What one session measures: functions, lines, or both of one run."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field, replace
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from .collect.collector import Unavailable, hide
from .displays import Displays
from .kernprof import listen, listen_no_more

if TYPE_CHECKING:
    import pstats
    from collections.abc import Callable, Iterable

    from .collect.clock import Stopwatch
    from .collect.collector import Collector, Recording
    from .collect.files import Cells
    from .collect.lines.collector import LineCollector, LineRecording
    from .collect.names import Names
    from .model import Meta, Profile

T = TypeVar("T")


class Measure(Protocol):
    """What a :class:`~.session.Session` has measured, from choosing an engine to the Profile."""

    def call(self, function: Callable[..., T], *args: Any) -> T:
        """As :meth:`.collect.collector.Collector.call`."""

    def start(self) -> None:
        """Choose an engine and start it. Raises :class:`.collect.collector.Unavailable`."""

    def prepare(self, code: CodeType) -> CodeType:
        """What is to run in the place of a code object of the cell."""

    def resume(self) -> None:
        """As :meth:`.collect.collector.Collector.resume`."""

    def pause(self) -> None:
        """As :meth:`.collect.collector.Collector.pause`."""

    def mute(self) -> bool:
        """As :meth:`.collect.collector.Collector.mute`."""

    def unmute(self, before: bool) -> None:
        """As :meth:`.collect.collector.Collector.unmute`."""

    def stop(self) -> None:
        """Give back what was claimed. Safe to call twice."""

    def build(self, watch: Stopwatch, meta: Meta, cells: Cells, rest: str | None) -> Profile:
        """The Profile, after :meth:`stop`. ``rest`` as :func:`.collect.build.build` has it."""

    def returned(self, profile: Profile) -> object:
        """What the option ``-r`` gives for it."""


class AlwaysOn:
    """A part of a :class:`Measure` that is on from start to stop, whatever runs meanwhile."""

    def resume(self) -> None:
        """It is on."""

    pause = resume

    def mute(self) -> bool:
        """None of our own code is in what it measures."""
        return False

    def unmute(self, before: bool) -> None:
        """Nothing was muted."""


class Functions:
    """Which function called which."""

    # Those of the engine, once there is one: no call of ours between.
    call: Callable[..., Any]
    resume: Callable[[], None]
    pause: Callable[[], None]
    mute: Callable[[], bool]
    unmute: Callable[[bool], None]

    def __init__(
        self,
        hook: object = None,
        module: str | None = None,
        *,
        engine: str | None = None,
        threads: bool = False,
    ) -> None:
        self._hook = hook
        self._module = module
        self._engine = engine
        self._threads = threads
        self._reason = ""
        self._collector: Collector | None = None
        self._recording: Recording | None = None

    def start(self) -> None:
        """Choose an engine and start it."""
        from .collect.choose import choose

        collector, self._reason = choose(self._hook, self._engine, self._threads)
        collector.start()
        self._collector = collector
        self.call = collector.call
        self.resume = collector.resume
        self.pause = collector.pause
        self.mute = collector.mute
        self.unmute = collector.unmute

    def wants(self, engine: str) -> bool:
        """Whether this engine is asked for."""
        from .collect.choose import VARIABLE

        return (self._engine or os.environ.get(VARIABLE)) == engine

    def prepare(self, code: CodeType) -> CodeType:
        """It runs as it is."""
        return code

    def stop(self) -> None:
        """Give back what was claimed."""
        if self._collector is not None:
            self._recording = self._collector.stop()

    def names(self, cells: Cells) -> Names:
        """What the functions of this measure are numbered by."""
        from .collect.names import Names

        return Names(cells, self._module)

    def build(
        self,
        watch: Stopwatch,
        meta: Meta,
        cells: Cells,
        rest: str | None,
        names: Names | None = None,
    ) -> Profile:
        """The Profile with call paths, or with callers and callees."""
        from .collect.build import build

        assert self._recording is not None  # noqa: S101 - stop() came before
        recording = self._recording
        recording.engine = replace(recording.engine, reason=self._reason)
        return build(recording, watch, meta, cells, names or self.names(cells), rest)

    def returned(self, profile: Profile) -> pstats.Stats:
        """As ``%prun`` has it."""
        return profile.stats()


@dataclass(frozen=True)
class Chosen:
    """Whose lines are measured.

    ``targets`` are functions and what holds some. ``names`` are qualified names of functions that
    the cell itself defines. ``cell`` takes all of the cell's code, or with ``is_top_level`` no
    functions in it, and ``others`` finds code of other cells.
    """

    targets: tuple[object, ...] = ()
    names: frozenset[str] = frozenset()
    cell: bool = False
    is_top_level: bool = False
    others: Callable[[], Iterable[FunctionType]] = field(default=tuple)


class Lines(AlwaysOn):
    """What each line took: chosen code is measured wherever it runs."""

    def __init__(
        self, chosen: Chosen, module: str | None = None, *, engine: str | None = None
    ) -> None:
        self._chosen = chosen
        self._module = module
        self._engine = engine
        self._reason = ""
        self._collector: LineCollector | None = None
        self._recording: LineRecording | None = None
        #: Code that nobody has named: told of only where it ran.
        self._unnamed: list[CodeType] = []
        self._displays = Displays()

    def start(self) -> None:
        """Choose an engine, and whose lines, and start it."""
        from .collect.lines.choose import choose
        from .collect.lines.collector import innermost_first

        collector, self._reason = choose(self._engine)
        for target in self._chosen.targets:
            collector.add(target)
        for function in self._chosen.others():
            self._unnamed += innermost_first(function.__code__)
            collector.add_function(function)
        collector.start()
        self._collector = collector
        listen(collector.add)

    def call(self, function: Callable[..., T], *args: Any) -> T:
        """Call, and take the time apart in which values are displayed."""
        assert self._collector is not None  # noqa: S101 - who calls has started it
        with self._displays:
            return self._collector.call(function, *args)

    def prepare(self, code: CodeType) -> CodeType:
        """Choose what the cell holds of it."""
        assert self._collector is not None  # noqa: S101 - who calls has started it
        if self._chosen.cell:
            return self._collector.prepare(code, inside=not self._chosen.is_top_level)
        return _prepared_inside(code, self._chosen.names, self._collector)

    def stop(self) -> None:
        """Give back what was claimed."""
        if self._collector is not None:
            listen_no_more(self._collector.add)
            self._recording = self._collector.stop()

    def build(self, watch: Stopwatch, meta: Meta, cells: Cells, rest: str | None) -> Profile:  # noqa: ARG002 - the Protocol's
        """The Profile with lines."""
        from .collect.names import Names
        from .model import Profile

        profile = Profile(meta=meta)
        meta.wall = watch.wall_ns
        self.add_to(profile, Names(cells, self._module), cells)
        assert self._recording is not None  # noqa: S101 - stop() came before
        meta.engine = replace(self._recording.engine, reason=self._reason)
        return profile

    def returned(self, profile: Profile) -> object:
        """As ``%lprun`` has it: line_profiler's own profiler, where that has measured."""
        from .linereport import LineResult

        own = self._recording.own if self._recording is not None else None
        return own or LineResult(profile)

    def tell(self, names: Names) -> None:
        """Tell of code that ran in the place of other code."""
        assert self._recording is not None  # noqa: S101 - stop() came before
        for code, meant in self._recording.rewritten:
            names.mean(code, meant)

    def add_to(self, profile: Profile, names: Names, cells: Cells) -> None:
        """Add the lines to a profile whose functions have these names."""
        from .collect.buildlines import add_lines

        assert self._recording is not None  # noqa: S101 - stop() came before
        add_lines(profile, self._recording, names, cells, self._displays.times_ns, self._unnamed)


class Both:
    """Functions and lines of one run."""

    resume: Callable[[], None]
    pause: Callable[[], None]
    mute: Callable[[], bool]
    unmute: Callable[[bool], None]

    def __init__(self, functions: Functions, lines: Lines) -> None:
        self._functions = functions
        self._lines = lines
        self.prepare = lines.prepare

    def start(self) -> None:
        """Start both, or none."""
        if sys.version_info < (3, 12) and self._functions.wants("python"):
            raise Unavailable(
                "on Python 3.11 the engine python cannot measure functions while lines are "
                "measured: leave --lines out, or use the engine recorder or cprofile"
            )
        # Lines first: what a hit takes is measured there, which no path recorder is to hear.
        self._lines.start()
        try:
            self._functions.start()
        except BaseException:
            self._lines.stop()
            raise
        self.resume = self._functions.resume
        self.pause = self._functions.pause
        self.mute = self._functions.mute
        self.unmute = self._functions.unmute

    def call(self, function: Callable[..., T], *args: Any) -> T:
        """Call with both on."""
        result: T = self._lines.call(self._functions.call, function, *args)
        return result

    def stop(self) -> None:
        """Give back what was claimed."""
        try:
            self._functions.stop()
        finally:
            self._lines.stop()

    def build(self, watch: Stopwatch, meta: Meta, cells: Cells, rest: str | None) -> Profile:
        """The Profile with both."""
        names = self._functions.names(cells)
        self._lines.tell(names)
        watch.pieces *= 2  # two engines are entered for each
        profile = self._functions.build(watch, meta, cells, rest, names)
        self._lines.add_to(profile, names, cells)
        return profile

    def returned(self, profile: Profile) -> pstats.Stats:
        """As ``%prun`` has it."""
        return self._functions.returned(profile)


def _prepared_inside(code: CodeType, names: frozenset[str], collector: LineCollector) -> CodeType:
    """Choose what has one of these names inside of a code object that is not chosen itself."""
    constants = tuple(
        (
            collector.prepare(constant)
            if constant.co_qualname in names
            else _prepared_inside(constant, names, collector)
        )
        if isinstance(constant, CodeType)
        else constant
        for constant in code.co_consts
    )
    same = all(new is old for new, old in zip(constants, code.co_consts, strict=True))
    return code if same else code.replace(co_consts=constants)


hide(Lines.call, Both.call)
