"""From the options of a magic to what a session measures: which engine, and whose lines."""

from __future__ import annotations

import ast
import importlib
from typing import TYPE_CHECKING

from IPython.core.error import UsageError

from .collect.lines.targets import functions_of, living_functions
from .kernprof import decorated
from .measure import Both, Chosen, Functions, Lines, Measure

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import FunctionType

    from IPython.core.interactiveshell import InteractiveShell

    from .cells import CellNames
    from .options import Options

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def measure_of(
    shell: InteractiveShell,
    options: Options,
    cells: CellNames,
    module: str,
    body: Sequence[ast.stmt] | None,
) -> Measure:
    """What these options ask for.

    ``module`` is the file name of the code; ``body`` are the statements of a cell, None for a
    statement behind a line magic. Raises ``UsageError`` with one line for what has no lines.
    """
    if options.magic == "native":
        return _native(shell.displayhook, module, options)
    if options.magic == "memory":
        return _memory(shell.displayhook, module, options)
    functions = Functions(
        shell.displayhook,
        module,
        engine=options.engine if options.magic == "cprofile" else None,
        threads=options.threads,
    )
    if options.magic == "cprofile" and not options.lines:
        return functions
    lines = Lines(
        _chosen(shell, options, cells, body),
        module,
        engine=None if options.magic == "cprofile" else options.engine,
    )
    return Both(functions, lines) if options.lines else lines


def _native(hook: object, module: str, options: Options) -> Measure:
    from .collect.native.engines import wanted_of
    from .collect.native.measure import Native

    wanted = wanted_of(options.rate, options.threads, options.timeout)
    return Native(hook, module, wanted, engine=options.engine)


def _memory(hook: object, module: str, options: Options) -> Measure:
    from .collect.memory.measure import Memory

    return Memory(
        hook,
        module,
        native=not options.no_native,
        python_allocators=options.python_allocators,
        file_limit=options.file_limit,
    )


def _chosen(
    shell: InteractiveShell,
    options: Options,
    cells: CellNames,
    body: Sequence[ast.stmt] | None,
) -> Chosen:
    defined = _defined_in(body or ())
    targets: list[object] = []
    names = set()
    for expression in options.functions:
        here = defined & {expression}
        names |= here
        try:
            targets += _function(shell, expression)
        except UsageError:
            if not here:
                raise
    for name in options.modules:
        targets += _module(name)
    for path, line in options.places:
        targets += _functions_at(path, line)
    is_all = options.magic == "cprofile" or not (
        options.functions or options.modules or options.places
    )
    return Chosen(
        targets=(*targets, *(decorated() if not options.top_level else ())),
        names=frozenset(names),
        cell=body is not None and (is_all or options.cell),
        is_top_level=options.top_level,
        others=(lambda: _functions_of_cells(cells))
        if (is_all or options.cell) and not options.top_level
        else tuple,
    )


def _functions_at(path: str, line: int) -> list[FunctionType]:
    found = [
        function
        for function in living_functions()
        if function.__code__.co_firstlineno == line and function.__code__.co_filename == path
    ]
    if not found:
        raise UsageError(
            f"no function that begins at {path}:{line} is loaded: import it before the cell"
        )
    return found


def _functions_of_cells(cells: CellNames) -> Iterable[FunctionType]:
    """All functions that cells have defined and that still are: closures and old ones, too."""
    is_of_cell: dict[str, bool] = {}
    for found in living_functions():
        name = found.__code__.co_filename
        if name not in is_of_cell:
            is_of_cell[name] = cells.find(name) is not None
        if is_of_cell[name] and found.__code__.co_name != "<module>":
            yield found


def _function(shell: InteractiveShell, expression: str) -> list[FunctionType]:
    try:
        tree = ast.parse(expression.strip(), mode="eval")
    except (SyntaxError, ValueError):
        raise UsageError(
            f"-f {expression} is no expression: write a function, such as -f module.function"
        ) from None
    try:
        value = eval(  # noqa: S307 - what the user wrote, as line_profiler does
            compile(tree, "<-f>", "eval"), shell.user_global_ns, shell.user_ns
        )
        return functions_of(value)
    except Exception as error:  # noqa: BLE001 - whatever the expression raises
        if isinstance(tree.body, ast.Call):
            called = ast.unparse(tree.body.func)
            raise UsageError(
                f"-f {expression} calls {called}, and means what it returns: write -f {called}"
            ) from None
        if isinstance(error, ValueError):
            raise UsageError(f"-f {expression}: {error}") from None
        raise UsageError(
            f"-f {expression} cannot be found ({type(error).__name__}: {error}); "
            "define or import it first"
        ) from None


def _module(name: str) -> list[FunctionType]:
    try:
        return functions_of(importlib.import_module(name))
    except ValueError as error:
        raise UsageError(f"-m {name}: {error}") from None
    except Exception as error:  # noqa: BLE001 - whatever the module raises when it is imported
        raise UsageError(
            f"-m {name} cannot be imported ({type(error).__name__}: {error})"
        ) from None


def _defined_in(body: Iterable[ast.stmt], outside: str = "") -> set[str]:
    """Qualified names of functions and classes that statements define."""
    found = set()
    for statement in body:
        for node in _statements(statement):
            name = f"{outside}{node.name}"
            inside = f"{name}." if isinstance(node, ast.ClassDef) else f"{name}.<locals>."
            found |= {name, *_defined_in(node.body, inside)}
    return found


def _statements(
    statement: ast.stmt,
) -> Iterable[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """The definitions of a statement, those within ``if``, ``with``, ``try`` included."""
    if isinstance(statement, _DEFINITIONS):
        yield statement
        return
    for child in ast.iter_child_nodes(statement):
        if isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
            yield from _inner(child)


def _inner(
    node: ast.AST,
) -> Iterable[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    if isinstance(node, ast.stmt):
        yield from _statements(node)
        return
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield from _statements(child)
