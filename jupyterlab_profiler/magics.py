"""The magics: what they take and what they say."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from IPython.core.error import UsageError
from IPython.core.magic import (
    Magics,
    cell_magic,
    line_cell_magic,
    line_magic,
    magics_class,
    no_var_expand,
)

from .collect.collector import drop_own_frames, hide
from .options import parse
from .statement import run_statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from IPython.core.interactiveshell import InteractiveShell

    from .cell import CellTransformer
    from .cells import CellNames


@magics_class
class ProfilerMagics(Magics):
    """The magics of one shell."""

    def __init__(
        self, shell: InteractiveShell, cells: CellNames, transformer: CellTransformer
    ) -> None:
        super().__init__(shell)
        self._ip = shell
        self._cells = cells
        self._transformer = transformer

    @no_var_expand
    @line_cell_magic
    def cprofile(self, line: str = "", cell: str | None = None) -> object:
        """Profile a statement or a cell, and show under it which functions took the time.

        **Usage, in line mode**::

          %cprofile [options] statement

        **Usage, in cell mode**, on the first line of a cell::

          %%cprofile [options] [statement]
          code...

        The cell runs as it would without this line: ``await``, the last value, magics, errors and
        Interrupt. A cell that fails or is interrupted shows what was measured until then. The last
        profile is in ``_profile``.

        Options (those of ``%prun``, with the same meaning, and some more):

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

        --lines
          measure lines of the same run as well, as ``%%lprun`` does: both slow the code down, so
          times of lines are dearer than with ``%%lprun`` alone. ``--place <file>:<line>`` adds the
          function that begins there.

        --engine <name>
          what records: recorder (the default: whole call paths, compiled), cprofile (callers and
          callees only; the default where nothing is compiled), python (call paths, slow). The
          environment variable JUPYTERLAB_PROFILER_ENGINE names one for a whole kernel.
        """
        try:
            return self._run("cprofile", line, cell)
        except BaseException as error:
            drop_own_frames(error)
            raise

    @no_var_expand
    @line_cell_magic
    def lprun(self, line: str = "", cell: str | None = None) -> object:
        """Profile a statement or a cell line by line: hits and time of each line, under the cell.

        **Usage, in line mode**::

          %lprun [options] statement

        **Usage, in cell mode**, on the first line of a cell::

          %%lprun [options] [statement]
          code...

        In cell mode the cell runs as it would without this line. Where no function is named, lines
        of the cell are measured, and those of all functions that were defined in this notebook.
        A line's time holds what the line calls. The last profile is in ``_profile``.

        Options (those of line_profiler's ``%lprun``, with the same meaning, and some more):

        -f <function>, --function
          an expression for a function, method, class or module. Repeat it for more. Then these
          alone are measured.

        -m <module>, --module
          all functions of a module. Repeat it for more.

        --cell
          with -f or -m: the cell and the functions of this notebook as well.

        -D <file>, --dump
          write the profile to a file that ``python -m line_profiler`` reads (usually ``.lprof``).

        -T <file>, --text
          write the report as text to a file as well.

        -r, --return
          return an object with ``get_stats``, ``print_stats`` and ``dump_stats``; with
          ``--engine line_profiler`` its own LineProfiler. In cell mode it is in ``_``.

        -z, -s, --skip-zero
          leave functions that did not run out of texts.

        -u <unit>, --unit
          the unit of times in texts, in seconds: 1e-3 for milliseconds.

        -q, --quiet
          show nothing.

        --as <name>
          bind the Profile to this variable.

        --label <text>
          a name for the result, shown at its top.

        --engine <name>
          what counts: recorder (Python 3.12 and newer, compiled; the default there) or
          line_profiler. The environment variable JUPYTERLAB_PROFILER_LINE_ENGINE names one for a
          whole kernel.
        """
        try:
            return self._run("lprun", line, cell)
        except BaseException as error:
            drop_own_frames(error)
            raise

    @no_var_expand
    @cell_magic
    def lprun_all(self, line: str, cell: str) -> object:
        """Profile a whole cell line by line, as line_profiler's magic of this name does.

        The same as ``%%lprun`` without a function. Its options are -D, -T, -r, -z, -u, and

        -p
          lines of the cell's top level alone, not those of functions.

        -t
          keep the seconds that it took in the variable ``_total_time_taken``.
        """
        return self._run("lprun_all", line, cell)

    @no_var_expand
    @line_cell_magic
    def memory(self, line: str = "", cell: str | None = None) -> object:
        """Record what a statement or a cell allocates, and show who held the memory.

        **Usage, in line mode**::

          %memory [options] statement

        **Usage, in cell mode**, on the first line of a cell::

          %%memory [options] [statement]
          code...

        Shown are the bytes held at the peak, all that was allocated, the number of allocations and
        what is still held at the end, by functions and lines of Python and of compiled code. The
        package memray records; it is installed with ``jupyterlab_profiler[native]``. The last
        profile is in ``_profile``.

        Options:

        --python-allocators
          count every object of Python's. Without it, small ones are seen as the blocks that Python
          takes for many of them. Slower.

        --no-native
          leave out frames of compiled code. Faster.

        --file-limit <megabytes>
          where the recording ends before the code does: 128 MB, about 20 million allocations and
          frees, unless more is asked for. Reading takes time after the code, about a second for
          every megabyte.

        -l, -s, -T, -r, -q, --as, --label
          as ``%cprofile`` has them; ``-r`` returns the Profile.

        -D <file>, --dump
          write the profile in the format of the file's ending: .json, .speedscope.json, .collapsed,
          .csv.
        """
        try:
            return self._run("memory", line, cell)
        except BaseException as error:
            drop_own_frames(error)
            raise

    @no_var_expand
    @line_magic
    def lprun_run(self, line: str) -> object:
        """Run a script in a process of its own, and profile it line by line, as ``kernprof -l``.

        **Usage**::

          %lprun_run [options] SCRIPT args
          %lprun_run [options] -m MODULE args

        Lines of functions that have ``@profile`` are measured; where the script has no ``profile``
        in it, all of its own. Options are -D, -T, -r, -z, -s, -u, -q, --as, --label and --engine,
        as ``%lprun`` has them.
        """
        return self._run_script("lprun_run", line)

    @no_var_expand
    @line_magic
    def cprofile_run(self, line: str) -> object:
        """Run a script in a process of its own, and profile it, as ``python -m cProfile``.

        **Usage**::

          %cprofile_run [options] SCRIPT args
          %cprofile_run [options] -m MODULE args

        What the script prints is shown as it comes. An Interrupt is passed on, and what was
        measured until then is shown. Options are -l, -s, -D, -T, -r, -q, --as, --label and
        --engine, as ``%cprofile`` has them.
        """
        return self._run_script("cprofile_run", line)

    @no_var_expand
    @line_cell_magic
    def native(self, line: str = "", cell: str | None = None) -> object:
        """Profile a cell, or a script, with the compiled code below its Python in one stack.

        **Usage, in cell mode**, on the first line of a cell::

          %%native [options] [statement]
          code...

        **Usage, in line mode**, for a script in a process of its own::

          %native [options] SCRIPT args
          %native [options] -m MODULE args

        The cell runs as it would without this line, and is looked at some times a second from
        outside by py-spy (``pip install jupyterlab-profiler[native]``). What was looked at is an
        estimate; how much of the CPU it covers is told with the result. Where py-spy is missing or
        not permitted, a lesser engine is taken, and the result says why. ``_profile`` holds the
        profile.

        --rate <number>
          how often a second to look (25). More costs more: the cell stands still meanwhile.

        --threads
          show other threads of Python as well, each apart; waiting is not counted.

        --timeout <seconds>
          end the sampler after so long; never the cell.

        --engine <name>
          py-spy, py-spy-nonblocking (Python alone, the cell is not stopped), cprofile (exact
          calls), perf (also threads of compiled code; Linux, and a kernel that was started for
          it), igprof (runs the cell as a script, as ``%%igprof``).

        --install-perf-kernel
          add the kernel "Python 3 (perf)" to JupyterLab's launcher, in which perf can name Python
          functions. Nothing else does so.

        Others are -l, -s, -T, -q, --as and --label, as ``%cprofile`` has them, and -D, as
        ``%profile_open`` has it.
        """
        try:
            return self._native("native", line, cell)
        except BaseException as error:
            drop_own_frames(error)
            raise

    @no_var_expand
    @line_cell_magic
    def igprof(self, line: str = "", cell: str | None = None) -> object:
        """Profile a script, or a cell run as a script, by igprof, where that is installed.

        **Usage**::

          %igprof [options] SCRIPT args
          %%igprof [options]
          code...

        The code runs in a process of its own: a cell sees no variables of the notebook, and leaves
        none. ``--timeout`` is how many seconds it may take; igprof is known to hang now and then,
        so it is ended then and tried once more. Other options are those of ``%native``.
        """
        return self._native("igprof", line, cell)

    @no_var_expand
    @line_magic
    def profile_open(self, line: str) -> object:
        """Show the profile in a file; several files of one kind are added.

        **Usage**::

          %profile_open [options] FILE...

        Known are files of cProfile, line_profiler and igprof, speedscope's JSON, text of perf
        script, collapsed stacks, and what ``Profile.save`` writes as ``.json``, each also packed by
        gzip or bzip2. What a file is, its content tells; nothing of it is executed. The profile is
        in ``_profile``.

        Options are -l, -s, -T, -r, -q, --as and --label, as ``%cprofile`` has them, of lines -z and
        -u as ``%lprun`` has them, and

        -D <file>, --dump
          write the profile in the format of the file's ending: .prof, .lprof, .json,
          .speedscope.json, .collapsed, .csv.
        """
        options = parse(line, "profile_open")
        if not options.statement:
            raise UsageError("%profile_open: write the files to open behind it")
        from .process import open_files

        return open_files(self._ip, options)

    def _run(self, magic: str, line: str, cell: str | None) -> object:
        if cell is not None:
            self._run_cell(magic, line, cell)
            return None
        options = parse(line, magic)
        if not options.statement:
            raise UsageError(
                f"%{magic}: nothing to profile; write a statement behind it, "
                f"or %%{magic} at the top of a cell"
            )
        return run_statement(self._ip, options, self._cells)

    def _run_script(self, magic: str, line: str) -> object:
        options = parse(line, magic)
        if not options.statement:
            raise UsageError(f"%{magic}: write the script to run behind it")
        from .process import run_script

        return run_script(self._ip, options)

    def _native(self, magic: str, line: str, cell: str | None) -> object:
        options = parse(line, magic)
        if options.perf_kernel:
            from .perfkernel import install

            print(install())
            return None
        if cell is not None and (magic == "igprof" or options.engine == "igprof"):
            from .nativescript import run_cell_text

            return run_cell_text(self._ip, options, f"{options.statement}\n{cell}")
        if cell is not None:
            self._run_cell(magic, line, cell)
            return None
        if not options.statement:
            raise UsageError(
                f"%{magic}: write the script to run behind it, or %%{magic} at the top of a cell"
            )
        from .nativescript import run_native_script

        return run_native_script(self._ip, options)

    def _run_cell(self, magic: str, line: str, cell: str) -> None:
        """For ``run_cell_magic``, whose text did not pass our input transformer."""
        manager = self._ip.input_transformer_manager
        if (
            self._transformer.transform_lines not in manager.line_transforms
            or self._transformer not in self._ip.ast_transformers
        ):
            raise UsageError(
                f"%%{magic}: a part of jupyterlab_profiler was taken away from IPython; "
                "write %reload_ext jupyterlab_profiler"
            )
        with _silent_traceback(self._ip):
            result = self._ip.run_cell(f"%%{magic} {line}\n{cell}", store_history=False)
        result.raise_error()

    hide(cprofile, lprun, lprun_all, lprun_run, cprofile_run, profile_open, _run, _run_cell)
    hide(memory, native, igprof, _native, _run_script)


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
