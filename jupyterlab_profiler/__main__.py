"""The command line: ``python -m jupyterlab_profiler run|show|analyse|convert|html|symbolize``."""

from __future__ import annotations

import argparse
import os
import re
import sys
from typing import TYPE_CHECKING, TypeVar

from .formats import FORMATS
from .igprof.options import add_to_analyse, add_to_show
from .restrictions import parse_limit, parse_unit, resolve_sort_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .model import Limit

T = TypeVar("T")

_EXAMPLES = """\
examples:
  python -m jupyterlab_profiler run -o fit.prof fit.py --rounds 3
      as python -m cProfile -o fit.prof fit.py --rounds 3: which function took the time
  python -m jupyterlab_profiler run -l -m package.module
      as kernprof -l -v: lines of functions with @profile (of the whole script where it has none)
  python -m jupyterlab_profiler show fit.prof --sort cumulative --limit 20
      as pstats prints it
  python -m jupyterlab_profiler convert monday.prof tuesday.prof both.csv
      both, added, as a table
  python -m jupyterlab_profiler html fit.prof fit.html
      a page to look at without JupyterLab
"""
_RUN = """\
examples:
  python -m jupyterlab_profiler run fit.py --rounds 3
  python -m jupyterlab_profiler run -s cumulative -o fit.prof fit.py
  python -m jupyterlab_profiler run -l -m package.module

The exit code is that of the script; 130 where it was interrupted. What was measured until then is
shown and written all the same.
"""
_SHOW = """\
examples:
  python -m jupyterlab_profiler show fit.prof
  python -m jupyterlab_profiler show fit.prof --sort cumulative --sort name --limit json --limit 20
  python -m jupyterlab_profiler show monday.prof tuesday.prof --strip-dirs --callers fit
  python -m jupyterlab_profiler show fit.py.lprof -u 1e-3 -z -t -m
  python -m jupyterlab_profiler show igprof.mp.gz --counter MEM_LIVE --value peak --libs
  python -m jupyterlab_profiler show new.pp.gz --baseline old.pp.gz --diff

Write the files first: --callers and --callees take what follows them for their pattern.
"""
_ANALYSE = """\
examples:
  python -m jupyterlab_profiler analyse -d -v -g igprof.pp.gz > igprof.txt
  python -m jupyterlab_profiler analyse -s -r MEM_TOTAL igprof.mp.gz | sqlite3 igprof.sql3
"""
_CONVERT = """\
examples:
  python -m jupyterlab_profiler convert fit.prof fit.csv
  python -m jupyterlab_profiler convert dump.gz dump.speedscope.json
  python -m jupyterlab_profiler convert --to collapsed fit.json - | flamegraph.pl > fit.svg

Files: .prof .pstats .lprof .json .speedscope.json .collapsed .folded .csv, and for
igprof-navigator .sql3 .sqlite3 .igprof.json
"""
_SYMBOLIZE = """\
examples:
  python -m jupyterlab_profiler symbolize igprof.pp.gz -o named.json
  python -m jupyterlab_profiler symbolize cell.json -o named.json --dir /srv/other-machine/usr/lib
  python -m jupyterlab_profiler symbolize igprof.pp.gz -o - --to collapsed | flamegraph.pl > pp.svg

It needs llvm-symbolizer, or addr2line. The lines of C++ files are in what .json keeps.
"""
_HTML = """\
examples:
  python -m jupyterlab_profiler html fit.prof fit.html
  python -m jupyterlab_profiler html --charts monday.prof tuesday.prof both.html
"""
_READ = "a profile of any kind that load() reads; several of one kind are added; - is stdin"
_TO = "the format, whatever the ending"


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what a command line says. Returns the exit code.

    0 all is well, 1 something is wrong and told in a sentence, 2 nobody can run this; of ``run``
    that of the script.
    """
    options = _parser().parse_args(arguments)
    if hasattr(sys.stdout, "reconfigure"):  # a name may have what the terminal cannot show
        sys.stdout.reconfigure(errors="backslashreplace")
    from . import commands

    try:
        code: int = getattr(commands, options.command)(options)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        reason = error.strerror or str(error)
        return _fail(f"{error.filename}: {reason}" if error.filename else reason)
    except ValueError as error:
        return _fail(str(error))
    return code


def _fail(sentence: str) -> int:
    print(f"jupyterlab_profiler: {sentence}", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m jupyterlab_profiler",
        description="Profile Python code outside of a notebook, and read profile files.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, text: str, examples: str) -> argparse.ArgumentParser:
        return commands.add_parser(
            name,
            help=text,
            description=f"{text[:1].upper()}{text[1:]}.",
            epilog=examples,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )

    _add_run(add("run", "run a script or a module and measure it", _RUN))
    _add_show(add("show", "print a profile as pstats, line_profiler or igprof do", _SHOW))
    analyse = add("analyse", "do what igprof-analyse does, with its options", _ANALYSE)
    analyse.allow_abbrev = False
    add_to_analyse(analyse)
    analyse.add_argument("files", nargs="+", metavar="FILE", help=_READ)
    convert = add("convert", "write a profile in another format", _CONVERT)
    convert.add_argument("files", nargs="+", metavar="FILE", help=_READ)
    convert.add_argument(
        "out", metavar="OUT", help="what to write; its ending tells the format; - is stdout"
    )
    convert.add_argument("--to", choices=FORMATS, help=_TO)
    symbolize = add("symbolize", "name the addresses in a profile, by binaries", _SYMBOLIZE)
    symbolize.add_argument("files", nargs="+", metavar="FILE", help=_READ)
    symbolize.add_argument(
        "-o", "--outfile", required=True, metavar="OUT", help="what to write; - is stdout"
    )
    symbolize.add_argument("--to", choices=FORMATS, help=_TO)
    symbolize.add_argument(
        "--binary", action="append", default=[], metavar="PATH", help="a program or a library"
    )
    symbolize.add_argument(
        "--dir",
        action="append",
        default=[],
        metavar="DIR",
        help="a folder of such, of another machine: by build id, else by name",
    )
    html = add("html", "write a profile as a page that needs no JupyterLab", _HTML)
    html.add_argument("files", nargs="+", metavar="FILE", help=_READ)
    html.add_argument("out", metavar="OUT.html", help="what to write; - is stdout")
    html.add_argument("--charts", action="store_true", help="begin with the charts")
    return parser


def _add_run(command: argparse.ArgumentParser) -> None:
    command.add_argument("-l", "--line-by-line", action="store_true", help="measure lines")
    command.add_argument(
        "--native", action="store_true", help="sample compiled code as well, as %%%%native does"
    )
    command.add_argument("--rate", type=_rate, help="of --native: samples a second")
    command.add_argument("--threads", action="store_true", help="of --native: other threads, too")
    command.add_argument(
        "--timeout", type=_seconds, help="of --native: end the sampler after so long"
    )
    command.add_argument(
        "-o",
        "--outfile",
        metavar="FILE",
        help="where to write the profile, in the format of its ending; default: the script's name "
        "with .prof or, of lines, .lprof, of --native .json",
    )
    command.add_argument(
        "-s", "--sort", action="append", type=_key, metavar="KEY", help="sort what is printed"
    )
    command.add_argument("-q", "--quiet", action="store_true", help="show nothing")
    command.add_argument("-m", "--module", action="store_true", help="run a module")
    command.add_argument("-u", "--unit", type=_unit, help="unit of times of lines, in seconds")
    command.add_argument(
        "-z", "--skip-zero", action="store_true", help="leave functions out that did not run"
    )
    command.add_argument("--engine", help="what measures")
    # Of %native, which takes what was sampled where the script dies.
    command.add_argument("--left", type=int, help=argparse.SUPPRESS)
    command.add_argument("--label", default="", help="a name for the result")
    command.add_argument("script", metavar="SCRIPT")
    command.add_argument("arguments", nargs=argparse.REMAINDER, metavar="args")


def _add_show(command: argparse.ArgumentParser) -> None:
    command.add_argument("files", nargs="+", metavar="FILE", help=_READ)
    command.add_argument(
        "-s",
        "--sort",
        action="append",
        type=_key,
        metavar="KEY",
        help="a sort key of pstats, or a prefix; further ones order what is equal (default: time)",
    )
    command.add_argument(
        "-n",
        "--limit",
        action="append",
        type=_limit,
        default=[],
        metavar="N|F|RE",
        help="a number of rows, a fraction of them, or a pattern of names; further ones follow",
    )
    command.add_argument("--strip-dirs", action="store_true", help="leave folders out of names")
    command.add_argument("-r", "--reverse", action="store_true", help="turn the order round")
    for name in ("callers", "callees"):
        command.add_argument(
            f"--{name}",
            nargs="?",
            const="",
            type=_pattern,
            metavar="RE",
            help=f"the {name} instead, of functions with such a name; --limit restricts those",
        )
    command.add_argument("-o", "--outfile", metavar="OUT", help="write it to a file; - is stdout")
    lines = command.add_argument_group("of lines, as python -m line_profiler has them")
    lines.add_argument("-u", "--unit", type=_unit, help="unit of times, in seconds (1e-6)")
    lines.add_argument("-z", "--skip-zero", action="store_true", help="leave out what did not run")
    lines.add_argument("-t", "--by-time", action="store_true", help="sort by total time, rising")
    lines.add_argument("-m", "--summarize", action="store_true", help="a line for each function")
    add_to_show(command)


def _key(text: str) -> str:
    return _checked(lambda: resolve_sort_keys([text])[0])


def _limit(text: str) -> Limit:
    return _checked(lambda: parse_limit(text))


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no regular expression: {error}") from None
    return text


def _unit(text: str) -> float:
    return _checked(lambda: parse_unit(text))


def _rate(text: str) -> int:
    from .options import positive

    return _checked(lambda: int(positive("--rate", text, whole=True)))


def _seconds(text: str) -> float:
    from .options import positive

    return _checked(lambda: positive("--timeout", text))


def _checked(get: Callable[[], T]) -> T:
    """What ``get`` returns; what it refuses is a fault of the command line."""
    try:
        return get()
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


if __name__ == "__main__":
    sys.exit(main())
