"""The package line_profiler, wrapped as it is: for Python 3.11, and where nothing is compiled."""

from __future__ import annotations

import importlib
import operator
import sys
import threading
from types import CellType, CodeType, FunctionType
from typing import TYPE_CHECKING, Any

from ...model import Engine, Warned
from .. import live
from ..collector import Unavailable
from .collector import LineRecording, LineRow, describe_thread
from .targets import CARRIERS, functions_of

if TYPE_CHECKING:
    from collections.abc import Callable

_MIXED = Warned(
    "lines-threads-mixed",
    "On Python 3.12 and newer line_profiler hears all threads and adds them up: where another "
    "thread ran these lines, too, its hits and times are in here.",
)


class LineProfilerCollector:
    """Engine ``line_profiler``.

    It knows a function by its bytecode, so it gives each one some that no other has: code is
    rewritten, and functions get theirs back at the end. A function that shares its code with an
    added one, as a closure made before, keeps the old one and is not counted.
    """

    def __init__(self, hit_cost_ns: float = 0.0) -> None:
        try:
            package: Any = importlib.import_module("line_profiler")
        except ImportError as error:
            raise Unavailable(
                f"line_profiler cannot be imported ({error}): pip install line_profiler"
            ) from error
        self._version: str = package.__version__
        self._profiler: Any = package.LineProfiler()
        self._hit_cost_ns = hit_cost_ns
        #: What was rewritten, by identity: the new code (kept alive), and that which it is for.
        self._originals: dict[int, tuple[CodeType, CodeType]] = {}
        #: The new code by the identity of the old.
        self._rewritten: dict[int, CodeType] = {}
        self._changed: list[tuple[FunctionType, CodeType]] = []
        self._recording: LineRecording | None = None
        self.call: Callable[..., Any] = operator.call  # no frame of ours between

    def prepare(self, code: CodeType, inside: bool = True) -> CodeType:
        """Choose the code of it, and return it rewritten."""
        if id(code) in self._originals:
            return code
        known = self._rewritten.get(id(code))
        if known is not None:
            return known
        constants = tuple(
            self.prepare(constant) if inside and isinstance(constant, CodeType) else constant
            for constant in code.co_consts
        )
        cells = tuple(CellType() for _ in code.co_freevars)
        function = FunctionType(code.replace(co_consts=constants), CARRIERS, closure=cells)
        self._profiler.add_function(function)
        rewritten = function.__code__
        self._originals[id(rewritten)] = rewritten, code
        self._rewritten[id(code)] = rewritten
        return rewritten

    def add(self, target: object) -> None:
        """Choose the functions of it. Raises ValueError where there are none."""
        for function in functions_of(target):
            self.add_function(function)

    def add_function(self, function: FunctionType) -> None:
        """Choose this function itself."""
        code = function.__code__
        rewritten = self.prepare(code)
        if rewritten is not code:
            self._changed.append((function, code))
            function.__code__ = rewritten

    def start(self) -> None:
        """Turn it on. Raises :class:`~..collector.Unavailable` where it cannot be."""
        try:
            live.add(self)
            self._profiler.enable_by_count()
        except ValueError as error:
            self.abandon()
            raise Unavailable(f"line_profiler cannot start ({error})") from error
        except BaseException:
            self.abandon()
            raise

    def abandon(self) -> None:
        """Turn it off, and give functions their code back. Also for the child of a fork."""
        # By count: after an Interrupt inside of this, a second call must not turn it off twice.
        self._profiler.disable_by_count()
        live.remove(self)
        for function, code in reversed(self._changed):
            if id(function.__code__) in self._originals:  # else somebody has changed it since
                function.__code__ = code
        self._changed.clear()

    def stop(self) -> LineRecording:
        """Turn it off, and hand over the lines."""
        self.abandon()
        if self._recording is None:
            thread = threading.current_thread()
            self._recording = LineRecording(
                Engine("line_profiler", version=self._version, clock="wall time"),
                codes=[original for _, original in self._originals.values()],
                rows=self._rows(),
                threads=[describe_thread(thread, thread.ident or 0)],
                hit_cost_ns=self._hit_cost_ns,
                warnings=self._warnings(),
                rewritten=list(self._originals.values()),
                own=self._profiler,
            )
        return self._recording

    def _rows(self) -> list[LineRow]:
        ns = self._profiler.timer_unit * 1e9
        hashes: dict[CodeType, list[int]] = self._profiler.code_hash_map
        entries: dict[int, dict[int, dict[str, int]]] = self._profiler.c_code_map
        rows = []
        for code, original in self._originals.values():
            # A line has an entry for each place at which it can be entered.
            lines: dict[int, tuple[int, int]] = {}
            for key in hashes.get(code, ()):
                for line, entry in entries[key].items():
                    hits, time = lines.get(line, (0, 0))
                    lines[line] = hits + entry["nhits"], time + entry["total_time"]
            rows += [
                LineRow(original, line, 0, hits, round(time * ns))
                for line, (hits, time) in sorted(lines.items())
                if hits
            ]
        return rows

    def _warnings(self) -> list[Warned]:
        warnings = [_MIXED] if sys.version_info >= (3, 12) else []
        if sys.version_info >= (3, 13):
            lost = sorted(
                {code.co_qualname for _, code in self._originals.values() if _on_one(code)}
            )
            if lost:
                warnings.append(
                    Warned(
                        "lines-one-line",
                        "On Python 3.13 and newer line_profiler may lose functions whose body "
                        f"stands on the line of their def or lambda: {', '.join(lost)}.",
                    )
                )
        return warnings


def _on_one(code: CodeType) -> bool:
    """Whether the body begins on the line on which the function does."""
    lines = {line for _, _, line in code.co_lines() if line}
    return lines == {code.co_firstlineno} and code.co_name != "<module>"
