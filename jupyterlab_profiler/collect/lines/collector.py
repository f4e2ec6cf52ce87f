"""What every engine of line profiles looks like from outside, and what it hands over at the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator

    from ...model import Engine, Warned

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line of one code object, in one thread.

    ``hits`` counts how often it began. ``time_ns`` is the time from there to the next line of the
    same call, so it holds what the line calls; ``thread`` is an index into
    :attr:`LineRecording.threads`.
    """

    code: CodeType
    line: int
    thread: int
    hits: int
    time_ns: int


@dataclass(frozen=True, slots=True)
class LineThread:
    """A thread that ran lines. ``tid`` is the system's number of it, 0 where it is not known."""

    name: str
    tid: int = 0


@dataclass
class LineRecording:
    """What an engine measured.

    Each code object has rows of its own, however equal it is to another one. Code objects inside of
    others (nested functions, lambdas, generator expressions, and comprehensions before Python 3.12)
    are others, so a line that two of them share has a row for each.
    """

    engine: Engine
    #: All code that was chosen, each once, whether it ran or not.
    codes: list[CodeType]
    rows: list[LineRow]
    #: The first is the thread that called :meth:`LineCollector.start`.
    threads: list[LineThread]
    #: What one hit takes on this machine, in nanoseconds: that much of each row's time is the
    #: engine's own, and of each row of what the line calls. 0 where it could not be measured.
    hit_cost_ns: float
    #: Events that did not fit what was known: an Interrupt struck between them, or a function ran
    #: before the start. Hits are right all the same.
    lost: int = 0
    warnings: list[Warned] = field(default_factory=list)
    #: Code that ran in the place of chosen code, and that.
    rewritten: list[tuple[CodeType, CodeType]] = field(default_factory=list)
    #: The LineProfiler of the package line_profiler, where that has measured.
    own: object = None


class LineCollector(Protocol):
    """Measures lines of chosen code, wherever that runs between :meth:`start` and :meth:`stop`."""

    def prepare(self, code: CodeType, inside: bool = True) -> CodeType:
        """Choose a code object that is yet to run, as that of a cell.

        With ``inside`` the code objects inside of it as well. Returns what is to run instead: an
        engine may have to rewrite it.
        """

    def add(self, target: object) -> None:
        """Choose a function, a method, a property, or all functions of a class or module.

        Of a decorated function it is the one inside (``__wrapped__``). Code inside of a function is
        chosen with it. Raises ValueError for what has no lines of Python.
        """

    def add_function(self, function: FunctionType) -> None:
        """Choose this function itself, and not the one that it wraps."""

    def start(self) -> None:
        """Claim what is needed.

        Raises :class:`~..collector.Unavailable`; then nothing is claimed.
        """

    def call(self, run: Callable[..., T], *args: Any) -> T:
        """Call, and afterwards put right what was left open without an event."""

    def stop(self) -> LineRecording:
        """Give back what was claimed, and hand over what was measured. Safe to call twice."""


def innermost_first(code: CodeType) -> Iterator[CodeType]:
    """A code object and all inside of it."""
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from innermost_first(constant)
    yield code


def describe_thread(thread: threading.Thread | None, ident: int) -> LineThread:
    """A thread, which :mod:`threading` may not know."""
    if thread is None:
        return LineThread(f"thread {ident}")
    return LineThread(thread.name, thread.native_id or 0)
