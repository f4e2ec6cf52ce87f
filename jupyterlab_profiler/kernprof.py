"""``profile`` as kernprof puts it into builtins: it marks functions, and does nothing else.

A script or a module that has ``@profile`` or ``with profile:`` in it runs as it is, whether lines
are measured or not. What it marked is measured by every line profile that follows.
"""

from __future__ import annotations

import builtins
import weakref
from typing import TYPE_CHECKING, Any, Self, TypeVar

from .collect.lines.targets import functions_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FunctionType

F = TypeVar("F")

_decorated: weakref.WeakSet[FunctionType] = weakref.WeakSet()


class Marker:
    """Takes the place of kernprof's ``profile``.

    >>> mark = Marker()
    >>> @mark
    ... def work():
    ...     with mark:
    ...         return 1
    >>> work()
    1
    """

    def __call__(self, function: F) -> F:
        """Mark a function; it is given back as it is."""
        self.add_function(function)
        return function

    def add_function(self, function: object) -> None:
        """Mark a function, method or property. What has no lines of Python is left alone."""
        try:
            found = functions_of(function)
        except ValueError:
            return
        _decorated.update(found)
        for told in tuple(_listeners):
            for one in found:
                told(one)

    def enable(self, *_: Any) -> None:
        """Lines are measured where a magic or ``profile(lines=...)`` says so, not from here."""

    disable = enable_by_count = disable_by_count = enable

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


#: What measures now, and is told of functions that are marked meanwhile.
_listeners: list[Callable[[object], None]] = []


def listen(told: Callable[[object], None]) -> None:
    """Tell of each function that is marked from now on."""
    _listeners.append(told)


def listen_no_more(told: Callable[[object], None]) -> None:
    """End :func:`listen`. Safe to call twice."""
    if told in _listeners:
        _listeners.remove(told)


MARKER = Marker()


def decorated() -> list[FunctionType]:
    """Functions that were marked and still are there."""
    return list(_decorated)


def put_in() -> None:
    """Put ``profile`` into builtins, unless somebody else has."""
    vars(builtins).setdefault("profile", MARKER)


def take_out() -> None:
    """Take it away again."""
    if vars(builtins).get("profile") is MARKER:
        del vars(builtins)["profile"]
