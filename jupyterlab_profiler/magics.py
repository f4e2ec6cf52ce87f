"""The magics: what they take and what they say."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_cell_magic, magics_class, no_var_expand

from .collect.collector import drop_own_frames, hide
from .options import parse
from .statement import run_statement

if TYPE_CHECKING:
    import pstats
    from collections.abc import Iterator

    from IPython.core.interactiveshell import InteractiveShell

    from .cell import CellTransformer
    from .cells import CellNames


@magics_class
class ProfilerMagics(Magics):
    """``%cprofile`` and ``%%cprofile`` for one shell."""

    def __init__(
        self, shell: InteractiveShell, cells: CellNames, transformer: CellTransformer
    ) -> None:
        super().__init__(shell)
        self._ip = shell
        self._cells = cells
        self._transformer = transformer

    @no_var_expand
    @line_cell_magic
    def cprofile(self, line: str = "", cell: str | None = None) -> pstats.Stats | None:
        """Profile a statement or a cell, and show under it which functions took the time.

        **Usage, in line mode**::

          %cprofile [options] statement

        **Usage, in cell mode**, on the first line of a cell::

          %%cprofile [options] [statement]
          code...

        The cell runs as it would without this line: ``await``, the last value, magics, errors and
        Interrupt. A cell that fails or is interrupted shows what was measured until then. The last
        profile is in ``_profile``.

        Options (those of ``%prun``, with the same meaning, and five more):

        -l <limit>, --limit
          show only a part: an integer is a number of rows, a float between 0 and 1 a fraction of
          them, anything else a regular expression that the printed name has to match. Repeat it to
          combine. What is not shown is kept.

        -s <key>, --sort
          sort by: calls, pcalls, time (the default), cumulative, file, module, line, name, nfl,
          stdname, or an unambiguous prefix. Repeat it for further keys where the first ones are
          equal.

        -r, --return
          return a ``pstats.Stats`` object. In cell mode the cell's own value is displayed, and the
          Stats are in ``_``.

        -T <file>, --text
          write the table as text to a file as well.

        -D <file>, --dump
          write the profile to a file that pstats, snakeviz and others read.

        -q, --quiet
          show nothing. Best used with ``-T``, ``-D``, ``-r`` or ``--as``.

        --as <name>
          bind the Profile to this variable.

        --label <text>
          a name for the result, shown at its top.

        --threads
          record threads that the code starts as well, each apart. Tasks that it starts always are.

        --engine <name>
          what records: recorder (the default: whole call paths, compiled), cprofile (callers and
          callees only; the default where nothing is compiled), python (call paths, slow). The
          environment variable JUPYTERLAB_PROFILER_ENGINE names one for a whole kernel.
        """
        if cell is not None:
            self._run_cell(line, cell)
            return None
        options = parse(line)
        if not options.statement:
            raise UsageError(
                "%cprofile: nothing to profile; write a statement behind it, "
                "or %%cprofile at the top of a cell"
            )
        try:
            profile = run_statement(self._ip, options, self._cells)
        except BaseException as error:
            drop_own_frames(error)
            raise
        return profile.stats() if options.stats and profile is not None else None

    def _run_cell(self, line: str, cell: str) -> None:
        """For ``run_cell_magic``, whose text did not pass our input transformer."""
        manager = self._ip.input_transformer_manager
        if (
            self._transformer.transform_lines not in manager.line_transforms
            or self._transformer not in self._ip.ast_transformers
        ):
            raise UsageError(
                "%%cprofile: a part of jupyterlab_profiler was taken away from IPython; "
                "write %reload_ext jupyterlab_profiler"
            )
        with _silent_traceback(self._ip):
            result = self._ip.run_cell(f"%%cprofile {line}\n{cell}", store_history=False)
        result.raise_error()

    hide(cprofile, _run_cell)


@contextmanager
def _silent_traceback(shell: InteractiveShell) -> Iterator[None]:
    """The error of a cell within a cell is raised, and so printed by the outer one: not twice."""
    own, names = vars(shell), ("_showtraceback", "show_usage_error")
    before = {name: own[name] for name in names if name in own}
    own.update(dict.fromkeys(names, _print_nothing))
    try:
        yield
    finally:
        for name in names:
            own.pop(name, None)
        own.update(before)


def _print_nothing(*_: object) -> None:
    """Stands for what prints a traceback."""
