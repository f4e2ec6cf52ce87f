"""The options of the magics: those of ``%prun`` and of line_profiler's ``%lprun``, and a few more.

Only the options are cut off the line; the statement behind them stays as it was typed, quotes and
blanks included.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from IPython.core.error import UsageError

from .collect.choose import ENGINES
from .collect.lines.choose import ENGINES as LINE_ENGINES
from .collect.native import ENGINES as NATIVE_ENGINES
from .model import Limit, View
from .restrictions import parse_limit, parse_unit, resolve_sort_keys

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Syntax:
    """What options a magic takes: ``flags`` and ``values`` by the key that they are found under."""

    flags: Mapping[str, str]
    values: Mapping[str, str]
    long: Mapping[str, str]
    repeatable: frozenset[str]

    def allowed(self) -> str:
        """All of them, for a sentence."""
        return f"options are {' '.join([*self.flags, *self.values])}"


_SHARED = {"-T": "text_file", "-D": "dump_file", "--as": "name", "--label": "label"}
_SHARED_LONG = {"--return": "-r", "--text": "-T", "--dump": "-D", "--quiet": "-q"}

_FUNCTIONS = Syntax(
    {"-r": "returns", "-q": "quiet", "--threads": "threads", "--lines": "lines"},
    {"-l": "limit", "-s": "sort", **_SHARED, "--engine": "engine", "--place": "places"},
    {"--limit": "-l", "--sort": "-s", **_SHARED_LONG},
    frozenset({"limit", "sort", "places"}),
)
_LINES = Syntax(
    {"-r": "returns", "-q": "quiet", "-s": "skip_zeros", "-z": "skip_zeros", "--cell": "cell"},
    {
        "-f": "functions",
        "-m": "modules",
        "--place": "places",
        "-u": "unit",
        **_SHARED,
        "--engine": "engine",
    },
    {
        "--function": "-f",
        "--module": "-m",
        "--unit": "-u",
        "--skip-zero": "-z",
        **_SHARED_LONG,
    },
    frozenset({"functions", "modules", "places"}),
)
_ALL = Syntax(
    {**_LINES.flags, "-p": "top_level", "-t": "total_time"},
    {name: key for name, key in _LINES.values.items() if name not in ("-f", "-m", "--place")},
    _LINES.long,
    frozenset(),
)
_SCRIPT = Syntax(
    {**{name: key for name, key in _LINES.flags.items() if name != "--cell"}, "-m": "as_module"},
    {name: key for name, key in _ALL.values.items() if name != "-m"},
    {**_LINES.long, "--module": "-m"},
    frozenset(),
)
_SHOWN = {"-l": "limit", "-s": "sort", **_SHARED}
_SHOWN_LONG = {"--limit": "-l", "--sort": "-s", **_SHARED_LONG}
_CALLS_OF_SCRIPT = Syntax(
    {"-r": "returns", "-q": "quiet", "-m": "as_module"},
    {**_SHOWN, "--engine": "engine"},
    {**_SHOWN_LONG, "--module": "-m"},
    frozenset({"limit", "sort"}),
)
_NATIVE = Syntax(
    {
        "-q": "quiet",
        "-m": "as_module",
        "--threads": "threads",
        "--install-perf-kernel": "perf_kernel",
    },
    {**_SHOWN, "--engine": "engine", "--rate": "rate", "--timeout": "timeout"},
    {**{name: key for name, key in _SHOWN_LONG.items() if key != "-r"}, "--module": "-m"},
    frozenset({"limit", "sort"}),
)
_OPEN = Syntax(
    {"-r": "returns", "-q": "quiet", "-z": "skip_zeros"},
    {**_SHOWN, "-u": "unit"},
    {**_SHOWN_LONG, "--unit": "-u", "--skip-zero": "-z"},
    frozenset({"limit", "sort"}),
)
_MEMORY = Syntax(
    {
        "-r": "returns",
        "-q": "quiet",
        "--python-allocators": "python_allocators",
        "--no-native": "no_native",
    },
    {**_SHOWN, "--file-limit": "file_limit"},
    _SHOWN_LONG,
    frozenset({"limit", "sort"}),
)
_SYNTAX = {
    "cprofile": _FUNCTIONS,
    "cprofile_run": _CALLS_OF_SCRIPT,
    "lprun": _LINES,
    "lprun_all": _ALL,
    "lprun_run": _SCRIPT,
    "native": _NATIVE,
    "igprof": _NATIVE,
    "profile_open": _OPEN,
    "memory": _MEMORY,
}
_WORD = re.compile(r"""\s*((?:"[^"]*"|'[^']*'|[^\s"'])+|\S+)""")


@dataclass(frozen=True)
class Options:
    """What the line asked for. ``statement`` is what follows the options, as it was typed."""

    view: View = field(default_factory=View)
    returns: bool = False
    quiet: bool = False
    text_file: str | None = None
    dump_file: str | None = None
    name: str | None = None
    label: str = ""
    engine: str | None = None
    threads: bool = False
    statement: str = ""
    magic: str = "cprofile"
    #: Whether it is asked for in the place of the cell's own line.
    again: bool = False
    #: Of ``%cprofile``: lines as well. The magics of lines have them alone.
    lines: bool = False
    functions: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    #: Files and lines at which functions begin.
    places: tuple[tuple[str, int], ...] = ()
    cell: bool = False
    top_level: bool = False
    total_time: bool = False
    as_module: bool = False
    #: Of samplers: how often a second, None for what the engine has; and after how many seconds
    #: they end.
    rate: int | None = None
    timeout: float | None = None
    perf_kernel: bool = False
    #: Of ``%memory``.
    python_allocators: bool = False
    no_native: bool = False
    #: Bytes.
    file_limit: int | None = None


def parse(line: str, magic: str = "cprofile") -> Options:
    """Take the options off the line of a magic.

    Raises ``UsageError`` with one sentence for an unknown option, a missing or a bad value, or a
    file that cannot be written: before anything has run.
    """
    found, statement = split(line, magic)
    sorts, limits = found.pop("sort", []), found.pop("limit", [])
    functions, modules = found.pop("functions", []), found.pop("modules", [])
    places = [_place(text) for text in found.pop("places", [])]
    single = {key: values[-1] for key, values in found.items()}
    try:
        view = View(
            resolve_sort_keys(sorts) if sorts else [],
            _limits(limits),
            parse_unit(single["unit"]) if "unit" in single else None,
            "skip_zeros" in single,
        )
    except ValueError as error:
        raise UsageError(str(error)) from None
    name = single.get("name")
    if name is not None and (not name.isidentifier() or _is_keyword(name)):
        raise UsageError(f"--as takes a variable's name, not {name!r}")
    engine = single.get("engine")
    # Those of the kind of profile that the magic makes.
    engines: tuple[str, ...] = ENGINES if magic.startswith("cprofile") else LINE_ENGINES
    if magic in ("native", "igprof"):
        engines = NATIVE_ENGINES if magic == "native" else ("igprof",)
    if engine is not None and engine not in engines:
        raise UsageError(f"--engine takes one of {', '.join(engines)}, not {engine!r}")
    for option, key in (("-D", "dump_file"), ("-T", "text_file")):
        if key in single:
            single[key] = _writable(option, single[key])
    return Options(
        view=view,
        returns="returns" in single,
        quiet="quiet" in single,
        text_file=single.get("text_file"),
        dump_file=single.get("dump_file"),
        name=name,
        label=single.get("label", ""),
        engine=engine,
        threads="threads" in single,
        statement=statement,
        magic=magic,
        lines="lines" in single,
        functions=tuple(functions),
        modules=tuple(modules),
        places=tuple(places),
        cell="cell" in single,
        top_level="top_level" in single,
        total_time="total_time" in single,
        as_module="as_module" in single,
        rate=int(_number("--rate", single["rate"], whole=True)) if "rate" in single else None,
        timeout=_number("--timeout", single["timeout"]) if "timeout" in single else None,
        perf_kernel="perf_kernel" in single,
        python_allocators="python_allocators" in single,
        no_native="no_native" in single,
        file_limit=_megabytes(single["file_limit"]) if "file_limit" in single else None,
    )


#: More samples a second, or a longer time in seconds, nobody means.
_MOST = {"--rate": 10_000.0, "--timeout": 1e7}


def _number(option: str, text: str, *, whole: bool = False) -> float:
    try:
        return positive(option, text, whole=whole)
    except ValueError as error:
        raise UsageError(str(error)) from None


def positive(option: str, text: str, *, whole: bool = False) -> float:
    """The number that an option takes. Raises ``ValueError`` with one line."""
    try:
        number = float(int(text) if whole else float(text))
    except ValueError:
        number = 0.0
    if not 0 < number <= _MOST[option]:
        kind = "whole number" if whole else "number"
        raise ValueError(f"{option} takes a {kind} from 1 to {_MOST[option]:,.0f}, not {text!r}")
    return number


def _megabytes(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text[:9]) < 1_000_000:
        raise UsageError(f"--file-limit takes a number of megabytes, 1 or more, not {text!r}")
    return int(text) * 1_000_000


def _place(text: str) -> tuple[str, int]:
    path, _, line = text.rpartition(":")
    if not path or not line.isdecimal():
        raise UsageError(f"--place takes FILE:LINE, where a function begins, not {text!r}")
    return path, int(line)


def _limits(texts: list[str]) -> list[Limit]:
    return [parse_limit(text) for text in texts]


def _is_keyword(name: str) -> bool:
    import keyword

    return keyword.iskeyword(name)


def split(line: str, magic: str = "cprofile") -> tuple[dict[str, list[str]], str]:
    """The options found, and the rest of the line untouched.

    Like getopt, the first word that is no option ends them.
    """
    syntax = _SYNTAX[magic]
    found: dict[str, list[str]] = {}
    position = 0
    while (match := _WORD.match(line, position)) is not None:
        word = match[1]
        if word == "--":
            position = match.end()
            break
        if not word.startswith("-") or len(word) == 1:
            break
        position = match.end()
        for option, value in _expand(word, syntax):
            option = syntax.long.get(option, option)
            if option in syntax.flags:
                if value is not None:
                    raise UsageError(f"option {option} takes no value")
                found[syntax.flags[option]] = [""]
                continue
            if option not in syntax.values:
                raise UsageError(f"option {option} not recognized; {syntax.allowed()}")
            if value is None:
                following = _WORD.match(line, position)
                if following is None:
                    raise UsageError(f"option {option} requires a value")
                value, position = following[1], following.end()
            key = syntax.values[option]
            values = found.setdefault(key, [])
            if key not in syntax.repeatable:
                values.clear()
            values.append(_unquote(value))
    return found, line[position:].strip()


def _expand(word: str, syntax: Syntax) -> list[tuple[str, str | None]]:
    """``-rq`` is two options, ``-l30`` and ``--label=x`` are an option and its value."""
    if word.startswith("--"):
        option, equals, value = word.partition("=")
        return [(option, value if equals else None)]
    options: list[tuple[str, str | None]] = []
    letters = word[1:]
    for place, letter in enumerate(letters):
        option = f"-{letter}"
        if option in syntax.values:
            options.append((option, letters[place + 1 :] or None))
            break
        options.append((option, None))
    return options


def _unquote(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value


def _writable(option: str, name: str) -> str:
    """The path to write to later, made absolute: the profiled code may change the directory."""
    try:
        path = os.path.abspath(os.path.expanduser(name))
    except OSError as error:  # the working directory is gone
        raise UsageError(f"{option}: {name} cannot be written: {error}") from None
    folder = os.path.dirname(path)
    if os.path.isdir(path):
        raise UsageError(f"{option}: {name} is a folder")
    if not os.path.isdir(folder):
        raise UsageError(f"{option}: there is no folder {folder}")
    if not os.access(path if os.path.exists(path) else folder, os.W_OK):
        raise UsageError(f"{option}: {path} cannot be written")
    return path
