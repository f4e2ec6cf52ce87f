"""What the commands of ``python -m jupyterlab_profiler`` do. Each returns its exit code."""

from __future__ import annotations

import os
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .collect.collector import Unavailable
from .formats import dumps, format_of, save, told
from .formats.files import write_whole
from .formats.pstats import without_calls
from .script import NotFoundError
from .script import run as run_script

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from .formats.contents import Contents, Kind
    from .igprof.counted import Counted
    from .model import Profile, Warned

#: Stands for stdin or stdout.
_STANDARD = "-"


def run(options: argparse.Namespace) -> int:
    """Run a script, print its profile and write it."""
    ending = ".lprof" if options.line_by_line else ".json" if options.native else ".prof"
    wanted = None
    if options.native:
        from .collect.native.engines import wanted_of

        if options.left is not None:
            os.set_inheritable(options.left, False)
        wanted = wanted_of(
            options.rate, options.threads, options.timeout, is_script=True, left=options.left
        )
    target = os.path.abspath(options.outfile or os.path.basename(options.script) + ending)
    try:
        if options.outfile == _STANDARD:
            raise ValueError("stdout has what the script prints: name a file after -o")
        format_of(target)
        profile, exit_code = run_script(
            options.script,
            options.arguments,
            as_module=options.module,
            lines=options.line_by_line,
            engine=options.engine,
            label=options.label,
            native=wanted,
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
    profile.view.sort = options.sort or []
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


def show(options: argparse.Namespace) -> int:
    """Print a profile, or write its text."""
    from .igprof.options import is_asked

    contents, kind = _read(options.files)
    is_table = bool(options.sort or options.limit or options.strip_dirs or options.reverse)
    is_table = is_table or options.callers is not None or options.callees is not None
    if is_asked(options) or (kind.id == "igprof" and not is_table):
        text, warnings = _igprof_report(contents, kind, options)
    else:
        profile = kind.read(contents)
        text, warnings = _text_of(profile, options), profile.meta.warnings
    for warned in warnings:
        print(f"jupyterlab_profiler: {warned.text}", file=sys.stderr)
    if options.outfile and options.outfile != _STANDARD:
        write_whole(options.outfile, text.encode("utf-8", "backslashreplace"))
    else:
        sys.stdout.write(text)
    return 0


def analyse(options: argparse.Namespace) -> int:
    """Do what igprof-analyse does with these options."""
    contents, kind = _read(options.files)
    text, warnings = _igprof_report(contents, kind, options)
    for warned in warnings:
        print(f"jupyterlab_profiler: {warned.text}", file=sys.stderr)
    sys.stdout.write(text)
    return 0


def _igprof_report(
    contents: Sequence[Contents], kind: Kind, options: argparse.Namespace
) -> tuple[str, Sequence[Warned]]:
    """A report in igprof's manner, and what is to be known of it."""
    from .igprof.command import text_of

    one = _counted(contents, kind, options)
    baseline = None
    if options.baseline:
        files, its_kind = _read([options.baseline])
        if its_kind.id != kind.id:
            raise ValueError(f"{options.baseline} is {its_kind.label}, and no {kind.label}")
        baseline = _counted(files, its_kind, options, is_baseline=True)
    return text_of(one, baseline, options), one.warnings


def _counted(
    contents: Sequence[Contents],
    kind: Kind,
    options: argparse.Namespace,
    *,
    is_baseline: bool = False,
) -> Counted:
    from .igprof.command import of_dumps, of_profile

    if kind.id != "igprof":
        return of_profile(kind.read(contents), options)
    from .formats.igprof import read_dumps

    lines = read_dumps(contents)
    if options.gdb:
        from .igprof.resolved import resolve

        resolve(lines)
    return of_dumps(lines, options, is_baseline=is_baseline)


def convert(options: argparse.Namespace) -> int:
    """Write a profile in another format."""
    name = _format(options.out, options.to)
    contents, kind = _read(options.files)
    profile = kind.read(contents)
    for warned in profile.meta.warnings:
        print(f"jupyterlab_profiler: {warned.text}", file=sys.stderr)
    with _working("writing"):
        try:
            data = dumps(profile, name)
        except ValueError as error:
            files = ", ".join(options.files)
            raise ValueError(f"{files} cannot be written as {name}: {error}") from None
        _write(options.out, data)
    return 0


def html(options: argparse.Namespace) -> int:
    """Write a profile as a page."""
    from .report import html_of

    profile = _loaded(options.files)
    with _working("writing"):
        _write(options.out, html_of(profile, charts=options.charts))
    return 0


def symbolize(options: argparse.Namespace) -> int:
    """Write a profile with names and lines of its addresses."""
    from .symbols import symbolize as symbolized

    name = _format(options.outfile, options.to)
    profile = _loaded(options.files)
    with _working("looking up addresses"):
        profile = symbolized(profile, binaries=options.binary, folders=options.dir)
    for warned in profile.meta.warnings:
        print(f"jupyterlab_profiler: {warned.text}", file=sys.stderr)
    _write(options.outfile, dumps(profile, name))
    return 0


def _format(path: str, name: str | None) -> str:
    """The format that an option names, or else the ending of a file."""
    if name is None and path == _STANDARD:
        raise ValueError("of stdout nobody can tell the format: say it by --to")
    return name or format_of(path)


def _write(path: str, data: bytes) -> None:
    """Write to a file, or to stdout, whose bytes are these alone."""
    if path == _STANDARD:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        write_whole(path, data)


def _loaded(paths: Sequence[str]) -> Profile:
    contents, kind = _read(paths)
    with _working("reading"):
        return kind.read(contents)


def _read(paths: Sequence[str]) -> tuple[list[Contents], Kind]:
    from .formats.unpack import MOST_BYTES

    with _working("reading"):
        files = []
        for path in paths:
            if path == _STANDARD:
                files.append((path, sys.stdin.buffer.read(MOST_BYTES + 1)))
            else:
                with open(path, "rb") as file:
                    files.append((path, file.read(MOST_BYTES + 1)))
        return told(files)


def _text_of(profile: Profile, options: argparse.Namespace) -> str:
    if not profile.has_functions():
        from .formats.linetext import line_text
        from .linereport import line_stats, texts_of

        return line_text(
            line_stats(profile),
            texts_of(profile),
            unit=options.unit or 1e-6,
            strip_zeros=options.skip_zero,
            by_time=options.by_time,
            summarize=options.summarize,
        )
    reason = without_calls(profile)
    if not reason:
        from .callreport import call_report

        return call_report(
            profile,
            files=_heads(options.files),
            sort=options.sort or ["time"],
            limits=options.limit,
            strip_dirs=options.strip_dirs,
            reverse=options.reverse,
            callers=options.callers,
            callees=options.callees,
        )
    if options.callers is not None or options.callees is not None:
        raise ValueError(f"{reason}, and --callers and --callees show calls")
    from .valuetext import value_text

    text = value_text(
        profile,
        sort=options.sort or ["time"],
        limits=options.limit,
        rows=None,
        strip_dirs=options.strip_dirs,
        reverse=options.reverse,
        told=False,
    )
    return "\n".join([*_heads(options.files), "", text, ""])


def _heads(paths: Sequence[str]) -> list[str]:
    """The lines on top of a report: when each file was written, in the order that pstats has."""
    first, *others = paths
    return [
        path if path == _STANDARD else f"{time.ctime(os.stat(path).st_mtime)}    {path}"
        for path in [first, *reversed(others)]
    ]


@contextmanager
def _working(what: str) -> Iterator[None]:
    """Tell somebody who sits and waits what goes on, after a second."""
    if not sys.stderr.isatty():
        yield
        return
    timer = threading.Timer(1, lambda: print(f"{what} …", file=sys.stderr, flush=True))
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
