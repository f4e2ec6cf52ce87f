"""What every engine looks like from outside, and what it hands over at the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import CodeType, FrameType, TracebackType
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias, TypeVar

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Sequence

    from ..model import Engine, Warned

T = TypeVar("T")


#: Code of a warning about what ran after an Interrupt: of no interest when nothing did.
CAUGHT_INTERRUPT = "caught-interrupt"


class Unavailable(Exception):  # noqa: N818 - a state, told to the user in one line
    """The engine cannot measure now. The message is one line: who is in the way, and what to do."""


@dataclass(frozen=True)
class Other:
    """Something that was called and is neither a Python function nor a builtin.

    A class, a ufunc, a partial: cProfile does not see it. ``pseudo``: it stands for what is no
    function, and ``qualified`` says what (:class:`~jupyterlab_profiler.model.Function`).
    """

    name: str
    qualified: str
    pseudo: bool = False


#: What an engine calls a function: its code object, the text that cProfile names a builtin by, or
#: something else.
Called: TypeAlias = "CodeType | str | Other"


@dataclass(frozen=True)
class CallRow:
    """One function as an engine summed it, or one function under one caller.

    ``code`` is what was called. Times are in nanoseconds; ``total_ns`` counts outermost
    activations only, ``recursive`` how many calls were none.
    """

    code: Called
    calls: int
    recursive: int
    total_ns: int
    self_ns: int

    def __add__(self, other: CallRow) -> CallRow:
        return CallRow(
            self.code,
            self.calls + other.calls,
            self.recursive + other.recursive,
            self.total_ns + other.total_ns,
            self.self_ns + other.self_ns,
        )

    def __sub__(self, other: CallRow) -> CallRow:
        return CallRow(
            self.code,
            self.calls - other.calls,
            self.recursive - other.recursive,
            self.total_ns - other.total_ns,
            self.self_ns - other.self_ns,
        )


@dataclass(frozen=True)
class Root:
    """Where call paths of a recording begin: a thread, or the tasks of one coroutine function.

    ``name`` of a thread; ``function`` of tasks, as a number of the profile, and how many ``tasks``
    there were. ``tid`` is the system's number of a thread, 0 where it is not known.
    """

    kind: Literal["thread", "task"]
    name: str = ""
    function: int = -1
    tasks: int = 0
    tid: int = 0
    wall_ns: int = 0


@dataclass(frozen=True)
class TreeColumns:
    """A call tree in pre-order, one column a value, each a row long.

    ``parent`` is the offset to it, 0 for a root; ``thread`` an index into ``roots``, of which the
    first is the thread of the code; ``thread_ns`` sums the self times of each. ``root_ns`` is the
    time of that thread in no function at all, ``own_ns`` that of functions of ours, ``tracing_ns``
    what recording took, and ``task_tracing_ns`` the part of it that it took in tasks. ``lost``
    counts events that never came, ``folded`` calls that were not told apart, ``backwards`` how
    often the clock went back; ``drift`` is the share by which its speed was not what it had been
    before.
    """

    parent: array[int]
    function: array[int]
    thread: array[int]
    calls: array[int]
    self_ns: array[int]
    thread_ns: array[int]
    roots: list[Root]
    own_ns: int
    root_ns: int
    tracing_ns: int
    events: int
    folded: int
    lost: int
    backwards: int
    drift: float
    task_tracing_ns: int = 0


class RecordedTree(Protocol):
    """A call tree, before its functions have numbers."""

    def functions(self) -> Sequence[Called]:
        """What was called, each once."""

    def columns(self, numbers: Sequence[int]) -> TreeColumns:
        """The tree with these numbers for its functions, -1 for those of ours.

        Callees of ours become their caller's; functions of one number are put together.
        """


@dataclass
class Recording:
    """What an engine measured: a call tree, or rows of functions and of callees under callers.

    ``own_ns`` is the time of functions of ours that came between, which have no row.
    """

    engine: Engine
    functions: list[CallRow] = field(default_factory=list)
    edges: list[tuple[Called, CallRow]] = field(default_factory=list)
    tree: RecordedTree | None = None
    warnings: list[Warned] = field(default_factory=list)
    own_ns: int = 0
    #: Whether threads and tasks that the code started are in it.
    has_threads: bool = False
    has_tasks: bool = False
    #: Whether greenlet was imported only while the code ran, so that its switches were not heard.
    greenlets_came_late: bool = False


class Collector(Protocol):
    """Measures what is called through :meth:`call`, in the thread that called :meth:`start`."""

    def start(self) -> None:
        """Claim what is needed. Raises :class:`Unavailable`; then nothing is claimed."""

    def call(self, function: Callable[..., T], *args: Any) -> T:
        """Call with the recording on."""

    def resume(self) -> None:
        """Turn the recording on, for code that cannot be passed to :meth:`call`."""

    def pause(self) -> None:
        """Turn the recording off."""

    def mute(self) -> bool:
        """Leave out what runs now, and close nothing. Returns what :meth:`unmute` needs."""

    def unmute(self, before: bool) -> None:
        """Record again, if that was so before."""

    def stop(self) -> Recording:
        """Give back what was claimed, and hand over what was measured. Safe to call twice."""


def displayhook_code(hook: object) -> CodeType | None:
    """The code that runs when a value is displayed: recording pauses inside it.

    None when it is no Python code.
    """
    called = next(
        (kind.__dict__["__call__"] for kind in type(hook).__mro__ if "__call__" in kind.__dict__),
        None,
    )
    for function in (getattr(hook, "__func__", hook), called):
        code = getattr(function, "__code__", None)
        if isinstance(code, CodeType):
            return code
    return None


#: Code objects of ours that run between IPython and the cell, or inside an event of the
#: interpreter.
_own: set[object] = set()


def hide(*functions: Callable[..., Any]) -> None:
    """Name functions of ours that the user must not see: in no traceback, and as no row.

    Their own time counts as *(tracing)*, as does that of the generators inside them.
    """
    codes = [function.__code__ for function in functions]
    for code in codes:
        codes += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    _own.update(codes)


def is_own(code: Called) -> bool:
    """Whether this is code of ours that the user must not see."""
    return code in _own


def own_codes() -> set[object]:
    """The code objects that were named with :func:`hide`; the set grows with them."""
    return _own


def is_own_frame(frame: FrameType) -> bool:
    """Whether the frame runs code of ours that the user must not see."""
    return frame.f_code in _own


def drop_own_frames(error: BaseException) -> None:
    """Take our frames out of the traceback of an exception that passes through us."""
    kept: list[TracebackType] = []
    entry = traceback_of(error)
    while entry is not None:
        if not is_own_frame(entry.tb_frame):
            kept.append(entry)
        entry = entry.tb_next
    following: TracebackType | None = None
    for entry in reversed(kept):
        if entry.tb_next is not following:
            entry.tb_next = following
        following = entry
    _TRACEBACK.__set__(error, following)


def forget_traceback(error: BaseException) -> None:
    """Take all frames so far out of the traceback of an exception that struck in our own code."""
    _TRACEBACK.__set__(error, None)


#: An exception's class may refuse attributes, or have others of this name: a frozen dataclass does.
_TRACEBACK: Any = vars(BaseException)["__traceback__"]


def traceback_of(error: BaseException) -> TracebackType | None:
    """The traceback of an exception, whatever its class makes of attributes."""
    found: TracebackType | None = _TRACEBACK.__get__(error)
    return found
