"""The command line: ``python -m jupyterlab_profiler run [-l] SCRIPT args``."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from .collect.collector import Unavailable
from .script import NotFoundError, run

if TYPE_CHECKING:
    from collections.abc import Sequence

_EXAMPLES = """\
examples:
  python -m jupyterlab_profiler run -l fit.py --rounds 3
      as kernprof -l -v: lines of functions with @profile (of the whole script where it has none)
  python -m jupyterlab_profiler run -o fit.prof fit.py
      as python -m cProfile -o fit.prof fit.py: which function took the time
  python -m jupyterlab_profiler run -l -m package.module
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what a command line says. Returns the exit code: that of the script."""
    parser = argparse.ArgumentParser(
        prog="python -m jupyterlab_profiler",
        description="Profile Python code outside of a notebook.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    command = commands.add_parser(
        "run",
        help="run a script or a module and measure it",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("-l", "--line-by-line", action="store_true", help="measure lines")
    command.add_argument(
        "-o",
        "--outfile",
        metavar="FILE",
        help="where to write the profile: .prof, .lprof or .json; default: the script's name with "
        ".prof or, of lines, .lprof",
    )
    command.add_argument("-q", "--quiet", action="store_true", help="show nothing")
    command.add_argument("-m", "--module", action="store_true", help="run a module")
    command.add_argument("-u", "--unit", type=float, help="unit of times of lines, in seconds")
    command.add_argument(
        "-z", "--skip-zero", action="store_true", help="leave functions out that did not run"
    )
    command.add_argument("--engine", help="what measures")
    command.add_argument("--label", default="", help="a name for the result")
    command.add_argument("script", metavar="SCRIPT")
    command.add_argument("arguments", nargs=argparse.REMAINDER, metavar="args")
    return _run(parser.parse_args(arguments))


def _run(options: argparse.Namespace) -> int:
    from .formats import format_of, save

    ending = ".lprof" if options.line_by_line else ".prof"
    target = os.path.abspath(options.outfile or os.path.basename(options.script) + ending)
    try:
        format_of(target)
        profile, exit_code = run(
            options.script,
            options.arguments,
            as_module=options.module,
            lines=options.line_by_line,
            engine=options.engine,
            label=options.label,
        )
    except (NotFoundError, Unavailable, ValueError) as error:
        print(f"jupyterlab_profiler: {error}", file=sys.stderr)
        return 2
    except SyntaxError as error:
        import traceback

        traceback.print_exception(error, limit=0)
        return 1
    profile.view.unit = options.unit
    profile.view.skip_zeros = options.skip_zero
    sys.stdout.flush()
    try:
        save(profile, target)
        if not options.quiet:
            print(f"Wrote profile results to {os.path.relpath(target)}")
    except (OSError, ValueError) as error:
        print(f"jupyterlab_profiler: {error}", file=sys.stderr)
        exit_code = exit_code or 2
    if not options.quiet:
        print(profile.text(limit=None))
    return exit_code


if __name__ == "__main__":
    sys.exit(main())
