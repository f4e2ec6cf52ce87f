"""Which options each magic takes, and how they are cut off its line.

Only the options are cut off; the statement behind them stays as it was typed, quotes and blanks
included.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from IPython.core.error import UsageError

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
