"""Options of reports: those of ``show``, and igprof-analyse's own for ``analyse``."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, TypeVar

from .renamed import parse_ancestors, parse_renames

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_LIMITS = {
    "min_value": ("-mc", "--min-count-value", "the counter is less there"),
    "max_value": ("-Mc", "--max-count-value", "the counter is more there"),
    "min_count": ("-mf", "--min-calls-value", "fewer events are there"),
    "max_count": ("-Mf", "--max-calls-value", "more events are there"),
    "min_average": (None, "--min-average-value", "an event has less there"),
    "max_average": ("-Ma", "--max-average-value", "an event has more there"),
}
#: What there is beside the limits, with what it is where it is not said.
DEFAULTS = {
    "counter": None,
    "value": "normal",
    "calls": None,
    "paths": False,
    "libs": False,
    "merge_libraries": False,
    "rename": None,
    "ancestors": None,
    "baseline": None,
    "diff": False,
    "tree": False,
    "top": 0,
    "no_filters": False,
    "gdb": False,
    **dict.fromkeys(_LIMITS, 0),
}


def add_to_show(command: argparse.ArgumentParser) -> None:
    """Options of ``show``, with igprof-analyse's short ones where they mean nothing else."""
    group = command.add_argument_group(
        "of igprof's reports, which dumps of igprof have where nothing above is asked for"
    )
    _add(group, "--counter", help="which counter (default: the first one)", metavar="NAME")
    _add_common(group)
    _add(group, "-mr", "--rename", type=_renames, metavar="s/RE/TO/;…", help=_RENAME)
    _add(group, "-ma", "--ancestors", type=_ancestors, metavar="A>B/NAME", help=_ANCESTORS)
    _add(group, "-D", "--diff", action="store_true", help=_DIFF)
    _add(group, "-nf", "--no-filters", action="store_true", help=_NO_FILTERS)
    for name, (_, _, what) in _LIMITS.items():
        option = f"--{name.replace('_', '-')}"
        _add(group, option, type=int, metavar="N", help=f"leave a stack out where {what}")


def add_to_analyse(command: argparse.ArgumentParser) -> None:
    """igprof-analyse's options."""
    kinds = command.add_mutually_exclusive_group()
    _add(kinds, "-t", "--text", action="store_const", dest="kind", const="text", help="the report")
    _add(
        kinds, "-s", "--sqlite", action="store_const", dest="kind", const="sqlite",
        help="statements for sqlite3",
    )  # fmt: skip
    _add(kinds, "-js", "--json", action="store_const", dest="kind", const="json", help="JSON")
    _add(
        command, "-r", "--report", dest="counter", metavar="KEY",
        help="which counter (default: the first one)",
    )  # fmt: skip
    _add_common(command)
    _add(command, "-mr", "--merge-regexp", dest="rename", type=_renames, metavar="RE", help=_RENAME)
    _add(
        command, "-ma", "--merge-ancestors", dest="ancestors", type=_ancestors,
        metavar="A>B/NAME", help=_ANCESTORS,
    )  # fmt: skip
    _add(command, "-D", "--diff-mode", dest="diff", action="store_true", help=_DIFF)
    _add(command, "-nf", "--no-filter", dest="no_filters", action="store_true", help=_NO_FILTERS)
    for name, (short, long, what) in _LIMITS.items():
        _add(
            command, *filter(None, (short, long)), dest=name, type=int, metavar="N",
            help=f"leave a stack out where {what}",
        )  # fmt: skip
    for flags in (("-d", "--demangle"), ("-v", "--verbose")):
        command.add_argument(*flags, action="store_true", help="(always, or without effect)")


_RENAME = "other names for functions: by pattern of the name, else of the library"
_ANCESTORS = "another name for what is called by A, and below that by B"
_DIFF = "with -b: what is different, in percent of the baseline"
_NAMES = "names of addresses from the binaries, by llvm-symbolizer or addr2line"
_NO_FILTERS = "show the profiler's own functions, and malloc and its like, as what they are"


def _add_common(group: argparse._ActionsContainer) -> None:
    _add(group, "--value", choices=("normal", "peak"), help="values at the end, or the highest")
    _add(group, "-c", "--calls", action="store_const", const=True, help="a column of events")
    _add(group, "-p", "--paths", action="store_true", help="a column of stacks")
    _add(group, "-l", "--libs", action="store_true", help="the library of each function")
    _add(group, "-ml", "--merge-libraries", action="store_true", help="a row for each library")
    _add(group, "-b", "--baseline", metavar="FILE", help="a dump to subtract")
    _add(group, "-g", "--gdb", action="store_true", help=_NAMES)
    _add(group, "-T", "--tree", action="store_true", help="the tree instead")
    _add(group, "-tn", "--top", type=_count, metavar="N", help="the N dearest stacks instead")


def _add(group: argparse._ActionsContainer, *flags: str, **settings: object) -> None:
    name = settings.get("dest") or flags[-1].lstrip("-").replace("-", "_")
    default = DEFAULTS.get(str(name))
    # Settings of different kinds in one table.
    group.add_argument(*flags, default=default, **settings)  # type: ignore[arg-type]


def is_asked(options: argparse.Namespace) -> bool:
    """Whether something of a report is asked for that only igprof's has."""
    return any(getattr(options, name, default) != default for name, default in DEFAULTS.items())


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= len(text) <= 6 or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of stacks, from 1 on")
    return int(text)


def _renames(text: str) -> object:
    return _checked(lambda: parse_renames(text))


def _ancestors(text: str) -> object:
    return _checked(lambda: parse_ancestors(text))


def _checked(get: Callable[[], T]) -> T:
    try:
        return get()
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
