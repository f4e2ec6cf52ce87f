"""The options of ``%cprofile`` and ``%%cprofile``: those of ``%prun``, and a few more.

Only the options are cut off the line; the statement behind them stays as it was typed, quotes and
blanks included.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field

from IPython.core.error import UsageError

from .collect.choose import ENGINES
from .model import Limit, View
from .restrictions import parse_limit, resolve_sort_keys

_FLAGS = {"-r": "stats", "-q": "quiet", "--threads": "threads"}
_VALUES = {
    "-l": "limit",
    "-s": "sort",
    "-T": "text_file",
    "-D": "dump_file",
    "--as": "name",
    "--label": "label",
    "--engine": "engine",
}
_LONG = {
    "--limit": "-l",
    "--sort": "-s",
    "--return": "-r",
    "--text": "-T",
    "--dump": "-D",
    "--quiet": "-q",
}
_REPEATABLE = {"limit", "sort"}
_WORD = re.compile(r"""\s*((?:"[^"]*"|'[^']*'|[^\s"'])+|\S+)""")


@dataclass(frozen=True)
class Options:
    """What the line asked for. ``statement`` is what follows the options, as it was typed."""

    view: View = field(default_factory=View)
    stats: bool = False
    quiet: bool = False
    text_file: str | None = None
    dump_file: str | None = None
    name: str | None = None
    label: str = ""
    engine: str | None = None
    threads: bool = False
    statement: str = ""


def parse(line: str) -> Options:
    """Take the options off a magic's line.

    Raises ``UsageError`` with one sentence for an unknown option, a missing or a bad value, or a
    file that cannot be written: before anything has run.
    """
    found, statement = split(line)
    sorts, limits = found.pop("sort", []), found.pop("limit", [])
    single = {key: values[-1] for key, values in found.items()}
    try:
        view = View(resolve_sort_keys(sorts) if sorts else [], _limits(limits))
    except ValueError as error:
        raise UsageError(str(error)) from None
    name = single.get("name")
    if name is not None and (not name.isidentifier() or _is_keyword(name)):
        raise UsageError(f"--as takes a variable's name, not {name!r}")
    engine = single.get("engine")
    if engine is not None and engine not in ENGINES:
        raise UsageError(f"--engine takes one of {', '.join(ENGINES)}, not {engine!r}")
    for option, key in (("-D", "dump_file"), ("-T", "text_file")):
        if key in single:
            single[key] = _writable(option, single[key])
    return Options(
        view=view,
        stats="stats" in single,
        quiet="quiet" in single,
        text_file=single.get("text_file"),
        dump_file=single.get("dump_file"),
        name=name,
        label=single.get("label", ""),
        engine=engine,
        threads="threads" in single,
        statement=statement,
    )


def _limits(texts: list[str]) -> list[Limit]:
    return [parse_limit(text) for text in texts]


def _is_keyword(name: str) -> bool:
    import keyword

    return keyword.iskeyword(name)


def split(line: str) -> tuple[dict[str, list[str]], str]:
    """The options found, and the rest of the line untouched.

    Like getopt, the first word that is no option ends them.
    """
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
        for option, value in _expand(word):
            option = _LONG.get(option, option)
            if option in _FLAGS:
                if value is not None:
                    raise UsageError(f"option {option} takes no value")
                found[_FLAGS[option]] = [""]
                continue
            if option not in _VALUES:
                raise UsageError(f"option {option} not recognized; {_allowed()}")
            if value is None:
                following = _WORD.match(line, position)
                if following is None:
                    raise UsageError(f"option {option} requires a value")
                value, position = following[1], following.end()
            key = _VALUES[option]
            values = found.setdefault(key, [])
            if key not in _REPEATABLE:
                values.clear()
            values.append(_unquote(value))
    return found, line[position:].strip()


def _expand(word: str) -> list[tuple[str, str | None]]:
    """``-rq`` is two options, ``-l30`` and ``--label=x`` are an option and its value."""
    if word.startswith("--"):
        option, equals, value = word.partition("=")
        return [(option, value if equals else None)]
    options: list[tuple[str, str | None]] = []
    letters = word[1:]
    for place, letter in enumerate(letters):
        option = f"-{letter}"
        if option in _VALUES:
            options.append((option, letters[place + 1 :] or None))
            break
        options.append((option, None))
    return options


def _unquote(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value


def _allowed() -> str:
    return f"options are {' '.join([*_FLAGS, *_VALUES])}"


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
