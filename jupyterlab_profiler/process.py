"""Runs a script in a process of its own, for ``%lprun_run`` and ``%cprofile_run``; reads files."""

from __future__ import annotations

import contextlib
import os
import shlex
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from IPython.core.error import UsageError

from .formats import load
from .linereport import LineResult
from .show import use

if TYPE_CHECKING:
    from collections.abc import Sequence

    from IPython.core.interactiveshell import InteractiveShell

    from .model import Profile
    from .options import Options

#: How long an interrupted script may take to end by itself, in seconds.
PATIENCE = 5.0


def open_files(shell: InteractiveShell, options: Options) -> object:
    """Show the profile in the files that the options name, added where there are several.

    Returns what ``-r`` asks for, else None. Raises ``UsageError`` for what cannot be read.
    """
    try:
        profile = load(*(os.path.expanduser(path) for path in words_of(options)))
    except OSError as error:
        raise UsageError(f"%{options.magic}: {error.filename}: {error.strerror}") from None
    except ValueError as error:
        raise UsageError(f"%{options.magic}: {error}") from None
    profile.view = options.view
    profile.meta.label = options.label or profile.meta.label
    returned = _returned(profile) if options.returns else None
    use(shell, profile, options, returned)
    return returned


def words_of(options: Options) -> list[str]:
    """What stands behind the options, taken apart as a shell does."""
    try:
        return shlex.split(options.statement)
    except ValueError as error:
        raise UsageError(f"%{options.magic}: {error}") from None


def _returned(profile: Profile) -> object:
    return profile.stats() if profile.has_functions() else LineResult(profile)


def run_script(shell: InteractiveShell, options: Options) -> object:
    """Run the script that the options name, show its output as it comes, and then its profile.

    Returns what ``-r`` asks for, else None. Raises ``UsageError`` where nothing could be run, and
    KeyboardInterrupt when it was interrupted, with its profile shown.
    """
    words = words_of(options)
    # On other systems nothing is sampled.
    if options.magic != "native" or sys.platform != "linux":
        return _run_measured(shell, options, words, None)
    from_end, to_end = os.pipe()
    with os.fdopen(from_end, "rb", 0) as reader, os.fdopen(to_end, "wb", 0) as writer:
        return _run_measured(shell, options, words, (reader, writer))


def _run_measured(
    shell: InteractiveShell,
    options: Options,
    words: list[str],
    ends: tuple[IO[bytes], IO[bytes]] | None,
) -> object:
    """``ends`` are those of a pipe for what is left of a script that dies."""
    with tempfile.TemporaryDirectory(prefix="jupyterlab-profiler-") as folder:
        target = os.path.join(folder, "profile.json")
        command = [sys.executable, "-m", "jupyterlab_profiler", "run", "-q", "-o", target]
        command += ["-l"] if options.magic == "lprun_run" else []
        command += ["--label", options.label] if options.label else []
        command += ["--engine", options.engine] if options.engine else []
        command += _sampling(options) if options.magic == "native" else []
        command += ["-m"] if options.as_module else []
        passed = [ends[1].fileno()] if ends else []
        command += ["--left", str(passed[0])] if passed else []
        ended = run_process([*command, "--", *words], pass_fds=passed)
        exit_code, was_interrupted = ended.code, ended.was_interrupted
        profile = load(target) if os.path.exists(target) else _left(options, words, ended, ends)
    profile.view = options.view
    returned = _returned(profile) if options.returns else None
    use(shell, profile, options, returned)
    if was_interrupted:
        raise KeyboardInterrupt
    if exit_code:
        print(f"*** {words[0]} ended with exit code {exit_code}", file=sys.stderr)
    return returned


def _left(
    options: Options,
    words: list[str],
    ended: Ended,
    ends: tuple[IO[bytes], IO[bytes]] | None,
) -> Profile:
    """What was sampled of a script that died. Raises ``UsageError`` where that is nothing."""
    from .collect.native.left import how_ended, profile_of

    profile = None
    if ends:
        ends[1].close()  # else the pipe would never end
        command = " ".join([*(["-m"] if options.as_module else []), *words])
        name = options.label or os.path.basename(words[0])
        with contextlib.suppress(ValueError, KeyError, TypeError):
            profile = profile_of(ends[0].fileno(), command, name, ended.code)
    if profile is None:
        raise UsageError(
            f"%{options.magic}: nothing was measured: the script {how_ended(ended.code)}"
        )
    return profile


def _sampling(options: Options) -> list[str]:
    found = ["--native", *(["--threads"] if options.threads else [])]
    found += ["--rate", str(options.rate)] if options.rate else []
    return [*found, *(["--timeout", str(options.timeout)] if options.timeout else [])]


@dataclass(frozen=True)
class Ended:
    """How a process ended: by itself, by an Interrupt, or as its time was over."""

    code: int
    pid: int
    was_interrupted: bool = False
    timed_out: bool = False


def run_process(
    command: list[str], limit: float | None = None, pass_fds: Sequence[int] = ()
) -> Ended:
    """Run a process, and print what it prints. After ``limit`` seconds it is killed with its group.

    Raises ``OSError`` where it cannot be started.
    """
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    paths = [environment.get("PYTHONPATH", ""), own]
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    process = subprocess.Popen(  # noqa: S603 - what the user asked to run
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        env=environment,
        pass_fds=pass_fds,
        start_new_session=True,  # an Interrupt is passed on once, by us
    )
    readers = [
        threading.Thread(target=_pass_on, args=(source, target), daemon=True)
        for source, target in ((process.stdout, sys.stdout), (process.stderr, sys.stderr))
    ]
    for reader in readers:
        reader.start()
    was_interrupted = timed_out = False
    try:
        process.wait(limit)
    except KeyboardInterrupt:
        was_interrupted = True
        _end(process)
    except subprocess.TimeoutExpired:
        timed_out = True
        _kill_group(process)
    for reader in readers:
        reader.join(PATIENCE)
    return Ended(process.returncode, process.pid, was_interrupted, timed_out)


def _kill_group(process: subprocess.Popen[str]) -> None:
    """End a process that hangs, and what it has started."""
    import signal

    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait(PATIENCE)


def _end(process: subprocess.Popen[str]) -> None:
    """Interrupt a process, and end it if it does not end."""
    import signal

    process.send_signal(signal.SIGINT if os.name == "posix" else signal.SIGTERM)
    for end in (process.terminate, process.kill, None):
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            if end is not None:
                end()
        else:
            return


def _pass_on(source: IO[str] | None, target: IO[str]) -> None:
    for text in iter(source.readline, "") if source is not None else ():
        target.write(text)
        target.flush()
