"""What every engine looks like from outside, and what it hands over at the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import CodeType, FrameType, TracebackType
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..model import Engine, Warned

T = TypeVar("T")


#: Code of a warning about what ran after an Interrupt: of no interest when nothing did.
CAUGHT_INTERRUPT = "caught-interrupt"


class Unavailable(Exception):  # noqa: N818 - a state, told to the user in one line
    """The engine cannot measure now. The message is one line: who is in the way, and what to do."""


@dataclass(frozen=True)
class CallRow:
    """One function as an engine summed it, or one function under one caller.

    ``code`` is the code object, or the text that names a builtin. Times are in nanoseconds;
    ``total_ns`` counts outermost activations only, ``recursive`` how many calls were none.
    """

    code: CodeType | str
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


@dataclass
class Recording:
    """What an engine measured: rows of functions, and rows of callees under their callers.

    ``own_ns`` is the time of functions of ours that came between, which have no row.
    """

    engine: Engine
    functions: list[CallRow] = field(default_factory=list)
    edges: list[tuple[CodeType | str, CallRow]] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)
    own_ns: int = 0


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
_own: set[CodeType] = set()


def hide(*functions: Callable[..., Any]) -> None:
    """Name functions of ours that the user must not see: in no traceback, and as no row.

    Their own time counts as *(tracing)*, as does that of the generators inside them.
    """
    codes = [function.__code__ for function in functions]
    for code in codes:
        codes += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    _own.update(codes)


def is_own(code: CodeType | str) -> bool:
    """Whether this is code of ours that the user must not see."""
    return code in _own


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


#: An exception's class may refuse attributes, or have others of this name: a frozen dataclass does.
_TRACEBACK: Any = vars(BaseException)["__traceback__"]


def traceback_of(error: BaseException) -> TracebackType | None:
    """The traceback of an exception, whatever its class makes of attributes."""
    found: TracebackType | None = _TRACEBACK.__get__(error)
    return found
