"""Runs a script or a module as ``python`` would, and measures it."""

from __future__ import annotations

import ast
import importlib.util
import os
import sys
import traceback
from types import CodeType, ModuleType
from typing import TYPE_CHECKING

from . import kernprof
from .collect.collector import drop_own_frames, hide
from .collect.native.measure import Native
from .measure import Chosen, Functions, Lines, Measure
from .model import Origin
from .running import runner
from .session import Session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .collect.native.engines import Wanted
    from .model import Profile

#: What a shell tells of a process that Ctrl+C has ended.
INTERRUPTED = 130


class NotFoundError(Exception):
    """There is no such script or module; the message says so in one line."""


def run(
    name: str,
    arguments: Sequence[str] = (),
    *,
    as_module: bool = False,
    lines: bool = False,
    engine: str | None = None,
    label: str = "",
    native: Wanted | None = None,
) -> tuple[Profile, int]:
    """Run a script (or ``as_module`` a module) as ``__main__``; its profile, and its exit code.

    With ``lines``, lines of functions that kernprof's ``@profile`` marks are measured; where the
    script has no ``profile`` in it, all of its own lines. ``native`` says how to sample compiled
    code as well. A traceback is printed as Python does.

    Raises :class:`NotFoundError`, ``SyntaxError`` of the script, and
    :class:`~.collect.collector.Unavailable`: then nothing has run.
    """
    code, namespace = _module_code(name) if as_module else _script_code(name)
    path = code.co_filename
    measure: Measure = (
        Native(None, path, native, engine=engine)
        if native is not None
        else Lines(Chosen(cell=not _mentions_profile(path)), engine=engine)
        if lines
        else Functions(engine=engine)
    )
    command = " ".join([*(["-m"] if as_module else []), name, *arguments])
    sys.argv = [path, *arguments]
    if not as_module:
        sys.path[0] = os.path.dirname(os.path.abspath(path))
    sys.modules["__main__"] = namespace
    kernprof.put_in()
    session = Session(label or os.path.basename(name), Origin("script", command=command), measure)
    exit_code = 0
    try:
        function, *rest = runner(session.prepare(code), vars(namespace), vars(namespace))
        session.call(function, *rest)
    except SystemExit as error:
        exit_code = _exit_code(error)
    except BaseException as error:  # noqa: BLE001 - as Python does at its end
        drop_own_frames(error)
        _print(error)
        exit_code = INTERRUPTED if isinstance(error, KeyboardInterrupt) else 1
    return session.finish(), exit_code


def _script_code(path: str) -> tuple[CodeType, ModuleType]:
    try:
        with open(path, "rb") as file:
            text = file.read()
    except OSError as error:
        raise NotFoundError(f"{path} cannot be read: {error.strerror}") from None
    module = ModuleType("__main__")
    vars(module).update(__file__=path, __builtins__=__builtins__)
    return compile(text, path, "exec", dont_inherit=True), module


def _module_code(name: str) -> tuple[CodeType, ModuleType]:
    if sys.path[:1] != [""]:
        sys.path.insert(0, os.getcwd())
    try:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.submodule_search_locations is not None:
            name += ".__main__"
            spec = importlib.util.find_spec(name)
    except (ImportError, ValueError) as error:
        raise NotFoundError(f"there is no module {name}: {error}") from None
    get_code = getattr(getattr(spec, "loader", None), "get_code", None)
    code = get_code(name) if get_code is not None else None
    if spec is None or code is None:
        raise NotFoundError(f"there is no module {name} that can be run")
    module = ModuleType("__main__")
    vars(module).update(
        __file__=spec.origin,
        __builtins__=__builtins__,
        __loader__=spec.loader,
        __package__=spec.parent,
        __spec__=spec,
    )
    return code, module


def _mentions_profile(path: str) -> bool:
    """Whether a script uses kernprof's ``profile``."""
    try:
        with open(path, "rb") as file:
            tree = ast.parse(file.read())
    except (OSError, SyntaxError, ValueError):
        return False
    return any(isinstance(node, ast.Name) and node.id == "profile" for node in ast.walk(tree))


def _exit_code(error: SystemExit) -> int:
    """As Python makes one of what ``sys.exit`` was given."""
    if error.code is None:
        return 0
    if isinstance(error.code, int):
        return error.code & 0xFF
    print(error.code, file=sys.stderr)
    return 1


def _print(error: BaseException) -> None:
    traceback.print_exception(error)


hide(run)
