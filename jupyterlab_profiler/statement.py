"""Runs one statement, for ``%cprofile``, with a session around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from IPython.core.error import UsageError

from .cells import running_cell, running_number
from .collect.collector import Unavailable, drop_own_frames, hide
from .model import Origin
from .running import runner
from .session import Muted, Session
from .show import deliver
from .wanted import measure_of

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from .cells import CellNames
    from .options import Options


def run_statement(shell: InteractiveShell, options: Options, cells: CellNames) -> object:
    """Run the statement in the user's namespace. If it fails, its profile is shown all the same.

    Returns what ``-r`` asks for, else None.

    Raises ``UsageError``, before anything has run, when no engine can measure now.
    """
    text = shell.transform_cell(options.statement)
    name = shell.compile.cache(text, running_number(shell), raw_code=options.statement)
    tree = shell.transform_ast(shell.compile.ast_parse(text, filename=name))
    code = shell.compile(tree, name, "exec")
    try:
        origin = Origin("statement", running_cell(shell), command=options.statement)
        with Muted():
            measure = measure_of(shell, options, cells, name, None)
            session = Session(options.label, origin, measure)
    except (Unavailable, UsageError) as error:
        raise UsageError(f"%{options.magic}: {error}") from None
    result = None
    try:
        function, *arguments = runner(session.prepare(code), shell.user_global_ns, shell.user_ns)
        session.call(function, *arguments)
    except BaseException as error:
        drop_own_frames(error)
        raise
    finally:
        result = deliver(shell, session, options, cells)
    return result


hide(run_statement)
