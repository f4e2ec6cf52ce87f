"""Our tool id of ``sys.monitoring`` (PEP 669), Python 3.12 and newer."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from .collector import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

assert sys.version_info >= (3, 12)  # noqa: S101 - sys.monitoring came with it

#: Free ids first (PEP 669 names 0, 1, 2 and 5 for debuggers, coverage, profilers and optimizers).
_TOOL_IDS = (4, 3)
_TOOL_NAME = "jupyterlab_profiler"


class Tool:
    """A tool id, and the callbacks that are registered under it."""

    def __init__(self) -> None:
        self._id: int | None = None
        self._registered: dict[int, Callable[..., object]] = {}
        self._everywhere: Collection[str] | None = None
        self._is_releasing = False
        #: Whether somebody else has freed our id, or turned our events off.
        self.was_lost = False

    @property
    def id(self) -> int | None:
        """The id that was taken, while it is."""
        return self._id

    def claim(self) -> None:
        """Take a free id. Raises :class:`~.collector.Unavailable` when there is none."""
        monitoring = sys.monitoring
        for tool in _TOOL_IDS:
            if monitoring.get_tool(tool) is None:
                self._id = tool  # before it is taken: an Interrupt may come in between
                monitoring.use_tool_id(tool, _TOOL_NAME)
                return
        names = {monitoring.get_tool(tool) for tool in _TOOL_IDS}
        if names == {_TOOL_NAME}:
            raise Unavailable(
                f"{len(_TOOL_IDS)} profiles are being made already: wait until one has ended"
            )
        holders = " and ".join(f"{monitoring.get_tool(tool)!r} ({tool})" for tool in _TOOL_IDS)
        raise Unavailable(
            f"the tool ids of sys.monitoring are taken by {holders}: "
            "stop one of them, or free its id with sys.monitoring.free_tool_id(...)"
        )

    def listen(
        self,
        callbacks: Mapping[str, Callable[..., object]],
        everywhere: Collection[str] | None = None,
    ) -> None:
        """Have the events of these names told to these callables.

        Those of ``everywhere`` are told of all code, and None means all of them; the others, of
        code objects for which they are turned on.
        """
        monitoring, events = sys.monitoring, sys.monitoring.events
        assert self._id is not None  # noqa: S101 - claimed before
        self._everywhere = everywhere
        self._registered = {getattr(events, name): callback for name, callback in callbacks.items()}
        for event, callback in self._registered.items():
            monitoring.register_callback(self._id, event, callback)
        monitoring.set_events(self._id, self._wanted())

    def retake(self) -> None:
        """Take our id again where somebody has freed it, to put right what it still holds."""
        if self._id is not None and sys.monitoring.get_tool(self._id) is None:
            sys.monitoring.use_tool_id(self._id, _TOOL_NAME)

    def _wanted(self) -> int:
        events = sys.monitoring.events
        if self._everywhere is not None and self._registered:
            return events_of(self._everywhere)
        wanted = 0
        for event in self._registered:
            wanted |= event
        # C_RETURN and C_RAISE come with CALL and cannot be asked for.
        return wanted & ~(events.C_RETURN | events.C_RAISE)

    def release(self) -> None:
        """Give the id back, with all that was registered.

        Safe to call twice; after an Interrupt inside of it, the second call does the rest.
        """
        tool = self._id
        if tool is None:
            return
        monitoring = sys.monitoring
        is_ours = monitoring.get_tool(tool) == _TOOL_NAME
        if not self._is_releasing:
            self.was_lost = not is_ours or monitoring.get_events(tool) != self._wanted()
            self._is_releasing = True
        if is_ours:
            monitoring.set_events(tool, 0)
        for event, callback in self._registered.items():
            before = monitoring.register_callback(tool, event, None)
            if before is not None and before is not callback:
                is_ours = False
                monitoring.register_callback(tool, event, before)  # of who has the id now
        if is_ours:
            monitoring.free_tool_id(tool)
        self._id = None
        self._registered = {}


def events_of(names: Collection[str]) -> int:
    """The events of these names, as one number."""
    wanted = 0
    for name in names:
        wanted |= getattr(sys.monitoring.events, name)
    return wanted


class MonitoringEvents:
    """Has a recorder told of calls, by a tool id of our own."""

    def __init__(self, recorder: Any) -> None:
        self._recorder = recorder
        self._tool = Tool()

    def claim(self) -> None:
        """Raises :class:`~.collector.Unavailable` when no tool id is free."""
        self._tool.claim()

    def listen(self, threads: bool) -> None:  # noqa: ARG002 - events come for all threads
        """Register the callbacks."""
        self._tool.listen(self._recorder.callbacks())

    def release(self) -> None:
        """Give everything back. Safe to call twice."""
        self._tool.release()

    @property
    def lost(self) -> str:
        """Who took the events away while they were recorded, in words; empty if nobody did."""
        return "The code turned the recorder's events off" if self._tool.was_lost else ""
