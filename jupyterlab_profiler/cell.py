"""Runs a cell as the kernel would, with a session around the cell's own code and nothing else.

IPython runs the cell itself, so it stays a cell: await, the last value, magics, errors, line
numbers. Three small things make it a profiled one:

1. An input transformer puts a string constant in the place of the line ``%%cprofile ...`` (or
   ``%%lprun ...``). It has
   no side effect (IPython calls it several times a cell, also to see whether a cell is complete),
   keeps line numbers, and like a docstring it may stand in front of ``from __future__ import``.
2. An AST transformer, which IPython calls once for a cell that is about to run, takes the constant
   out again and arms :meth:`InteractiveShell.run_ast_nodes` for one call. So it does for a cell
   that the front end asked for (:mod:`.asked`), whose text has no such line.
3. While that call lasts, ``exec`` and ``eval`` as IPython's module sees them run the code objects
   of this cell through the session (:mod:`.running`): each top-level statement, and each
   resumption of the cell's coroutine. IPython's own code, the event loop and the displayhook stay
   outside.
"""

from __future__ import annotations

import ast
import re
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError
from IPython.core.inputtransformer2 import cell_magic, leading_empty_lines

from .collect.collector import Unavailable, hide
from .model import Origin
from .options import Options, parse
from .running import CellCode, running
from .session import Muted, Session
from .show import deliver
from .syntax import split
from .wanted import measure_of

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from IPython.core.interactiveshell import InteractiveShell

    from .asked import AskedCells
    from .cells import CellNames

_MAGIC = re.compile(r"%%(cprofile|lprun_all|lprun|memory|native)(?=\s|$)[ \t]*([^\r\n]*)")

#: Another extension may put statements of its own in front of the mark.
_FIRST_STATEMENTS = 10

#: What a magic runs, such as ``%%time``, that does not let IPython run the cell below it.
_RAISE = "raise __import__('IPython').core.error.UsageError({!r})"


@dataclass(frozen=True)
class _Armed:
    """What the next run of a thread is profiled with.

    ``own``: by a line of its own. ``asked``: if it proves to be the one that was asked for; then
    the line that a cell has is passed over only where that was asked for, too.
    """

    own: Options | UsageError | None
    asked: Options | None

    def options(self, is_asked: bool) -> Options | UsageError | None:
        """None where it is not profiled."""
        asked = self.asked if is_asked else None
        if asked is not None and (asked.again or self.own is None):
            return asked
        return self.own


class CellTransformer(ast.NodeTransformer):
    """Both transformers of one shell, and the cells that are armed.

    ``owns_magic`` tells whether the cell magic of a name is ours: another's line is left as it is.
    """

    def __init__(
        self,
        shell: InteractiveShell,
        cells: CellNames,
        asked: AskedCells,
        owns_magic: Callable[[str], bool],
    ) -> None:
        self._shell = shell
        self._cells = cells
        self._asked = asked
        self._owns_magic = owns_magic
        self._armed: dict[int, _Armed] = {}
        self._wrapper: Callable[..., Any] | None = None
        self._before: Callable[..., Any] | None = None

    def transform_lines(self, lines: list[str]) -> list[str]:
        """The input transformer: a mark in the place of the magic's line."""
        match = _MAGIC.match(lines[0]) if lines else None
        if match is None or not self._owns_magic(match[1]):
            return lines
        magic, line, rest = match[1], match[2], lines[1:]
        try:
            found, statement = split(line, magic)
        except UsageError:  # said when the cell runs
            found, statement = {}, ""
        if found.get("engine") == ["igprof"]:  # runs the cell as a script: a magic like others
            return lines
        if not _fits_on_a_line(statement):  # said then, too
            statement = ""
        for transform in self._shell.input_transformer_manager.cleanup_transforms:
            if transform is not leading_empty_lines:
                rest = transform(rest)
        first = next((place for place, text in enumerate(rest) if text.strip()), len(rest))
        if first < len(rest) and rest[first].startswith("%%"):
            rest = rest[:first] + cell_magic(rest[first:])
        mark = f"u{f'%%{magic} {line}'.rstrip()!r}"
        return [f"{mark}; {statement}\n" if statement else f"{mark}\n", *rest]

    def visit_Module(self, node: ast.Module) -> ast.Module:
        """The AST transformer: take the mark out, and arm the run that follows."""
        thread = threading.get_ident()
        self._armed.pop(thread, None)
        self._take_off()
        mark = _take_mark(node)
        asked = self._asked.begun()
        if mark is None and asked is None:
            return node
        # visit_Module < visit < transform_ast < who runs the code
        if sys._getframe(3).f_code.co_name != "run_cell_async":  # noqa: SLF001 - who calls us
            if mark is not None:
                node.body = ast.parse(
                    _RAISE.format(f"%%{mark[0]} has to stand above the magic that runs it")
                ).body
            return node
        self._armed[thread] = _Armed(None if mark is None else _parsed(*mark), asked)
        self._arm()
        return node

    def _take_off(self) -> None:
        """Give ``run_ast_nodes`` back when no cell is armed any more."""
        if self._armed or self._wrapper is None:
            return
        own, name = vars(self._shell), "run_ast_nodes"
        if own.get(name) is self._wrapper:
            if self._before is None:
                del own[name]
            else:
                own[name] = self._before
            self._wrapper = self._before = None

    def unload(self) -> None:
        """Forget cells that are armed."""
        self._armed.clear()
        self._take_off()

    def _arm(self) -> None:
        """Let the shell's next ``run_ast_nodes`` of this thread go through :meth:`_run`."""
        if self._wrapper is not None:
            return
        own, name = vars(self._shell), "run_ast_nodes"
        original = self._shell.run_ast_nodes

        async def run_ast_nodes(
            nodelist: list[ast.stmt], cell_name: str, *args: Any, **more: Any
        ) -> Any:
            armed, result = self._armed.pop(threading.get_ident(), None), more.get("result")
            self._take_off()
            is_asked = self._asked.take(result)
            options = armed.options(is_asked) if armed is not None else None
            if options is None:
                return await original(nodelist, cell_name, *args, **more)
            if isinstance(options, UsageError):
                return self._refuse(options, result)
            return await self._run(options, original, nodelist, cell_name, *args, **more)

        hide(run_ast_nodes)
        self._before = own.get(name)
        self._wrapper = own[name] = run_ast_nodes

    def _refuse(self, error: UsageError, result: Any) -> bool:
        """Do not run the cell, and print one line that says why.

        Returns that there was an error, like IPython's.
        """
        if result is not None:
            result.error_in_exec = error
        self._shell.show_usage_error(error)
        # What ipykernel sends with the reply; without it, that of an earlier cell.
        vars(self._shell)["_last_traceback"] = [f"UsageError: {error}"]
        return True

    async def _run(
        self,
        options: Options,
        run_ast_nodes: Callable[..., Coroutine[Any, Any, Any]],
        nodelist: list[ast.stmt],
        cell_name: str,
        *args: Any,
        **more: Any,
    ) -> Any:
        shell, result = self._shell, more.get("result")
        info = getattr(result, "info", None)
        origin = Origin(
            "cell", getattr(info, "cell_id", None), getattr(result, "execution_count", None)
        )
        try:
            with Muted():
                measure = measure_of(shell, options, self._cells, cell_name, nodelist)
                session = Session(options.label, origin, measure)
        except UsageError as error:
            return self._refuse(UsageError(f"%%{options.magic}: {error}"), result)
        except Unavailable as error:
            return self._refuse(UsageError(f"the cell cannot be profiled: {error}"), result)
        try:
            with running(CellCode(session, cell_name)):
                return await run_ast_nodes(nodelist, cell_name, *args, **more)
        except BaseException as error:
            session.ended_between(error)
            raise
        finally:
            # What strikes in the shell's code, between two statements, is told by its result.
            told = getattr(result, "error_in_exec", None)
            told = told or getattr(result, "error_before_exec", None)
            if isinstance(told, BaseException):
                session.ended_between(told)
            silent = bool(getattr(info, "silent", False))
            deliver(shell, session, options, self._cells, show=not silent)

    hide(transform_lines, visit_Module, _take_off, _arm, _run, _refuse)


def _take_mark(node: ast.Module) -> tuple[str, str] | None:
    """Take out what the input transformer left in front of the cell; the magic and its line.

    Its prefix ``u`` tells the mark from a docstring that reads the same.
    """
    for place, statement in enumerate(node.body[:_FIRST_STATEMENTS]):
        match statement:
            case ast.Expr(value=ast.Constant(value=str(text), kind="u")) if (
                match := _MAGIC.fullmatch(text)
            ):
                del node.body[place]
                return match[1], match[2]
    return None


def _parsed(magic: str, line: str) -> Options | UsageError:
    """The options of a cell, or the error to show where the cell would run."""
    try:
        options = parse(line, magic)
    except UsageError as error:
        return error
    if not _fits_on_a_line(options.statement):
        return UsageError(
            f"%%{magic}: put {options.statement!r} on a line of its own, below the magic's"
        )
    return options


def _fits_on_a_line(statement: str) -> bool:
    """Whether the statement can stand behind our mark: it is Python, and not compound."""
    try:
        tree = ast.parse(statement)
        ast.parse(f"0; {statement}")
    except (SyntaxError, ValueError):
        return False
    return isinstance(tree, ast.Module)


hide(_take_mark, _parsed, _fits_on_a_line, _Armed.__init__, _Armed.options)
