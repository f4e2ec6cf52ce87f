"""The options of the magics: those of ``%prun`` and of line_profiler's ``%lprun``, and a few more.

``syntax.py`` has which magic takes which.
"""

from __future__ import annotations

import keyword
import os
from dataclasses import dataclass, field

from IPython.core.error import UsageError

from .collect.choose import ENGINES
from .collect.lines.choose import ENGINES as LINE_ENGINES
from .collect.native import ENGINES as NATIVE_ENGINES
from .model import View
from .restrictions import parse_limit, parse_unit, resolve_sort_keys
from .syntax import split

#: Of magics that do not measure lines alone.
_ENGINES: dict[str, tuple[str, ...]] = {
    "cprofile": ENGINES,
    "cprofile_run": ENGINES,
    "native": NATIVE_ENGINES,
    "igprof": ("igprof",),
}


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
            [parse_limit(text) for text in limits],
            parse_unit(single["unit"]) if "unit" in single else None,
            "skip_zeros" in single,
        )
    except ValueError as error:
        raise UsageError(str(error)) from None
    name = single.get("name")
    if name is not None and (not name.isidentifier() or keyword.iskeyword(name)):
        raise UsageError(f"--as takes a variable's name, not {name!r}")
    engine = single.get("engine")
    engines = _ENGINES.get(magic, LINE_ENGINES)
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
