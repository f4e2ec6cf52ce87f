"""Line collectors, used as the product uses them, and what lines of a program say of themselves."""

from __future__ import annotations

import inspect
import re
import sys
from collections import Counter
from collections.abc import Callable
from types import CodeType, FunctionType
from typing import Any

import pytest
from recorders import HAS_MONITORING, compiled_recorder

from jupyterlab_profiler.collect.lines.collector import LineCollector, LineRecording

#: For tests of the line recorder: others are not collected where Python tells of no lines.
needs_monitoring = pytest.mark.needs_monitoring

#: Engines that this Python has.
ENGINES = ["recorder", "line_profiler"] if HAS_MONITORING else ["line_profiler"]


def make(engine: str) -> LineCollector:
    """A collector of this engine."""
    if engine == "line_profiler":
        from jupyterlab_profiler.collect.lines.wrapped import LineProfilerCollector

        return LineProfilerCollector()
    return recorder()


def recorder() -> Any:
    """A collector with the compiled line recorder."""
    from jupyterlab_profiler.collect.lines.recorder import LineRecorderCollector

    return LineRecorderCollector(compiled_recorder())


class Lined:
    """What was recorded, by lines."""

    def __init__(self, recording: LineRecording) -> None:
        self.recording = recording

    @property
    def warnings(self) -> list[str]:
        return [warning.code for warning in self.recording.warnings]

    def hits(self, function: Any, thread: int | None = None) -> dict[int, int]:
        """Hits by line, counted from the line of the def, in it and all code inside of it."""
        return self._by_line(function, thread, lambda row: row.hits)

    def times(self, function: Any, thread: int | None = None) -> dict[int, int]:
        """Nanoseconds by line, likewise."""
        return self._by_line(function, thread, lambda row: row.time_ns)

    def _by_line(
        self, function: Any, thread: int | None, value: Callable[[Any], int]
    ) -> dict[int, int]:
        code = function if isinstance(function, CodeType) else function.__code__
        inside = {id(one) for one in _all_code(code)}
        found: Counter[int] = Counter()
        for row in self.recording.rows:
            if id(row.code) in inside and thread in (None, row.thread):
                found[row.line - code.co_firstlineno] += value(row)
        return dict(found)


def _all_code(code: CodeType) -> list[CodeType]:
    inner = [one for one in code.co_consts if isinstance(one, CodeType)]
    return [code, *(found for one in inner for found in _all_code(one))]


def record(engine: str, run: Callable[..., object], *targets: object) -> Lined:
    """Call a function with its lines recorded, or those of ``targets``; what it raises is raised."""
    collector = make(engine)
    for target in targets or (run,):
        collector.add(target)
    collector.start()
    try:
        collector.call(run)
    finally:
        recording = collector.stop()
    return Lined(recording)


def record_caught(
    engine: str, run: Callable[..., object], *targets: object
) -> tuple[Lined, BaseException | None]:
    """Likewise, and return what it raises."""
    caught: BaseException | None = None
    collector = make(engine)
    for target in targets or (run,):
        collector.add(target)
    collector.start()
    try:
        collector.call(run)
    except BaseException as error:
        caught = error
    return Lined(collector.stop()), caught


def said_hits(program: FunctionType, engine: str) -> dict[int, int]:
    """The hits that a program says its lines have, by line from that of its def."""
    version = re.escape(f"{sys.version_info.major}.{sys.version_info.minor}")
    said = {}
    for offset, text in enumerate(inspect.getsource(program).splitlines()):
        found = re.search(r"# (\d+) hits(.*)", text)
        if found is not None:
            other = re.search(rf"{version}(?: {engine})?: (\d+)", found[2])
            said[offset] = int(other[1] if other else found[1])
    return {offset: hits for offset, hits in said.items() if hits}


def local_events(*functions: Any) -> list[int]:
    """Events that are on for these functions alone, under the ids of tools that we may take."""
    if sys.version_info < (3, 12):
        return []
    monitoring = sys.monitoring
    found = []
    for tool in (3, 4):
        is_free = monitoring.get_tool(tool) is None
        if is_free:
            monitoring.use_tool_id(tool, "test")
        found += [monitoring.get_local_events(tool, function.__code__) for function in functions]
        if is_free:
            monitoring.free_tool_id(tool)
    return [events for events in found if events]


def leaf(n: int) -> int:
    return n


def work() -> None:
    for n in range(5):
        leaf(n)
