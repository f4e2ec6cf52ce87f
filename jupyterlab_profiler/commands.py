"""What the commands of ``python -m jupyterlab_profiler`` do. Each returns its exit code."""

from __future__ import annotations

import os
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .collect.collector import Unavailable
from .formats import dumps, format_of, loads, save
from .formats.files import write_whole
from .formats.pstats import without_calls
from .script import NotFoundError
from .script import run as run_script

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from .model import Profile

#: Stands for stdin or stdout.
_STANDARD = "-"


def run(options: argparse.Namespace) -> int:
    """Run a script, print its profile and write it."""
    ending = ".lprof" if options.line_by_line else ".json" if options.native else ".prof"
    wanted = None
    if options.native:
        from .collect.native.engines import wanted_of

        wanted = wanted_of(options.rate, options.threads, options.timeout)
    target = os.path.abspath(options.outfile or os.path.basename(options.script) + ending)
    try:
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
    profile = _loaded(options.files)
    text = _text_of(profile, options)
    for warned in profile.meta.warnings:
        print(f"jupyterlab_profiler: {warned.text}", file=sys.stderr)
    if options.outfile:
        write_whole(options.outfile, text.encode("utf-8", "backslashreplace"))
    else:
        sys.stdout.write(text)
    return 0


def convert(options: argparse.Namespace) -> int:
    """Write a profile in another format."""
    if options.to is None and options.out == _STANDARD:
        raise ValueError("of stdout nobody can tell the format: say it by --to")
    name = options.to or format_of(options.out)
    profile = _loaded(options.files)
    for warned in profile.meta.warnings:
        print(f"jupyterlab_profiler: {warned.text}", file=sys.stderr)
    with _working("writing"):
        try:
            data = dumps(profile, name)
        except ValueError as error:
            files = ", ".join(options.files)
            raise ValueError(f"{files} cannot be written as {name}: {error}") from None
        if options.out == _STANDARD:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        else:
            write_whole(options.out, data)
    return 0


def html(options: argparse.Namespace) -> int:
    """Write a profile as a page."""
    from .report import write_html

    profile = _loaded(options.files)
    with _working("writing"):
        write_html(profile, options.out, charts=options.charts)
    return 0


def _loaded(paths: Sequence[str]) -> Profile:
    from .formats.unpack import MOST_BYTES

    with _working("reading"):
        files = []
        for path in paths:
            if path == _STANDARD:
                files.append((path, sys.stdin.buffer.read(MOST_BYTES + 1)))
            else:
                with open(path, "rb") as file:
                    files.append((path, file.read(MOST_BYTES + 1)))
        return loads(files)


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
