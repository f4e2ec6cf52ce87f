"""Runs a cell's code through a session, in the place of IPython's ``exec`` and ``eval``."""

from __future__ import annotations

import asyncio
import builtins
import threading
from contextlib import contextmanager
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

from IPython.core import interactiveshell

from .collect.collector import drop_own_frames, hide

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterator

    from .session import Session


def runner(
    code: CodeType, module: dict[str, Any], local: dict[str, Any]
) -> tuple[Callable[..., object], *tuple[Any, ...]]:
    """A function and its arguments that run the code in these namespaces.

    A function made of the code runs as ``exec`` would, but is no call of ``exec``: under one of
    ours, every ``exec`` of the user's would count as recursion.
    """
    if module is local:
        return (FunctionType(code, module),)
    return (builtins.exec, code, module, local)


class CellCode:
    """The code objects of one cell, and the session that they run in."""

    def __init__(self, session: Session, cell_name: str) -> None:
        self._session = session
        self._cell_name = cell_name
        self._thread = threading.get_ident()

    def owns(self, code: object) -> bool:
        """Whether the code is a top-level statement of this cell, about to run in its thread."""
        return (
            isinstance(code, CodeType)
            and code.co_filename == self._cell_name
            and code.co_name == "<module>"
            and threading.get_ident() == self._thread
        )

    def execute(self, code: CodeType, module: dict[str, Any], local: dict[str, Any]) -> None:
        """Run a statement."""
        function, *arguments = runner(self._session.prepare(code), module, local)
        self._session.call(function, *arguments)

    def evaluate(
        self, code: CodeType, module: dict[str, Any], local: dict[str, Any]
    ) -> Awaitable[object]:
        """Start a statement that awaits."""
        coroutine = builtins.eval(self._session.prepare(code), module, local)  # noqa: S307 - as IPython does
        return _Steps(self._session, coroutine)


class _Steps:
    """A coroutine whose every resumption goes through a session."""

    def __init__(self, session: Session, coroutine: Coroutine[Any, Any, object]) -> None:
        self._session = session
        self._steps = coroutine.__await__()

    def __await__(self) -> Any:
        return self

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        try:
            return self._session.step(self._steps.send, None)
        except BaseException as error:
            drop_own_frames(error)
            raise

    def send(self, value: object) -> Any:
        try:
            return self._session.step(self._steps.send, value)
        except BaseException as error:
            drop_own_frames(error)
            raise

    def throw(self, *error: Any) -> Any:
        if _is_interrupt(error[0]):
            self._session.cancelled()
        try:
            return self._session.step(self._steps.throw, *error)
        except BaseException as raised:
            drop_own_frames(raised)
            raise

    def close(self) -> None:
        self._session.call(self._steps.close)


def _is_interrupt(error: object) -> bool:
    """Whether this is how ipykernel interrupts a cell that awaits: it cancels the task.

    A future that was cancelled elsewhere throws the same error, but asks nothing of our task.
    """
    if not isinstance(error, asyncio.CancelledError) and error is not asyncio.CancelledError:
        return False
    try:
        task = asyncio.current_task()
    except RuntimeError:  # another library's loop
        return False
    return task is not None and task.cancelling() > 0


_lock = threading.Lock()
_cells: list[CellCode] = []


@contextmanager
def running(cell: CellCode) -> Iterator[None]:
    """Let IPython's ``exec`` and ``eval`` look first whether the code is this cell's."""
    with _lock:
        _cells.append(cell)
        vars(interactiveshell).update(exec=_exec, eval=_eval)
    try:
        yield
    finally:
        with _lock:
            _cells.remove(cell)
            if not _cells:
                del vars(interactiveshell)["exec"], vars(interactiveshell)["eval"]


def _owner(code: object) -> CellCode | None:
    return next((cell for cell in reversed(_cells) if cell.owns(code)), None)


def _exec(code: Any, *namespaces: Any) -> None:
    cell = _owner(code)
    try:
        if cell is None:
            builtins.exec(code, *namespaces)  # noqa: S102 - as IPython does
        else:
            cell.execute(code, *namespaces)
    except BaseException as error:
        drop_own_frames(error)
        raise


def _eval(code: Any, *namespaces: Any) -> Any:
    cell = _owner(code)
    try:
        if cell is None:
            return builtins.eval(code, *namespaces)  # noqa: S307 - as IPython does
        return cell.evaluate(code, *namespaces)
    except BaseException as error:
        drop_own_frames(error)
        raise


hide(_exec, _eval, _owner, runner, CellCode.owns, CellCode.execute, CellCode.evaluate)
hide(_Steps.__next__, _Steps.send, _Steps.throw, _Steps.close)
