"""py-spy: found, asked for its version, and told to sample this process."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from functools import cache
from importlib import metadata

from ..collector import Unavailable

INSTALL = "pip install jupyterlab-profiler[native]"
#: What py-spy says when it has begun.
READY = "Sampling process"
#: Older ones know neither Python 3.12 nor qualified names.
OLDEST = (0, 4)
_NAME = "py-spy.exe" if os.name == "nt" else "py-spy"
_VERSION = re.compile(r"py-spy (\d{1,6})\.(\d{1,6})(\S*)", re.ASCII)
#: ``Wrote … Samples: 24 Errors: 0``, of all threads.
_SUMMARY = re.compile(r"Samples: (\d{1,15}) Errors: (\d{1,15})", re.ASCII)
_BEHIND = re.compile(r"behind in sampling")


def find() -> tuple[str, str]:
    """The path of py-spy and its version. Raises :class:`Unavailable` with what to do."""
    for path in _candidates():
        if os.access(path, os.X_OK) and os.path.isfile(path):
            return path, _version(path, os.stat(path).st_mtime_ns)
    raise Unavailable(f"py-spy is not installed: {INSTALL}")


def _candidates() -> list[str]:
    found = [os.path.join(os.path.dirname(sys.executable), _NAME)]
    found += [os.path.join(folder, _NAME) for folder in (sysconfig.get_path("scripts"),) if folder]
    try:
        files = metadata.files("py-spy") or []
        found += [str(file.locate()) for file in files if file.name == _NAME]
    except (metadata.PackageNotFoundError, OSError):
        pass
    on_path = shutil.which(_NAME)
    return [*found, *([on_path] if on_path else [])]


@cache
def _version(path: str, _modified: int) -> str:
    try:
        said = subprocess.run(  # noqa: S603 - the user's own
            [path, "--version"],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=10,
            stdin=subprocess.DEVNULL,
        ).stdout
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"{path} cannot be run ({error}): {INSTALL}") from None
    found = _VERSION.search(said)
    if found is None:
        raise Unavailable(f"{path} does not tell its version, so it is not py-spy: {INSTALL}")
    version = f"{found[1]}.{found[2]}{found[3]}"
    if (int(found[1]), int(found[2])) < OLDEST:
        raise Unavailable(
            f"py-spy {version} is too old, 0.4 or newer is needed: pip install -U py-spy"
        )
    return version


def command(path: str, rate: int, *, native: bool) -> list[str]:
    """What samples a process (``{pid}``) into a file (``{out}``), as raw stacks.

    All threads, also those that wait: which those are is told apart later (:mod:`.waiting`), as
    py-spy itself takes a thread that waits within a compiled function now for one, now for the
    other. Raw stacks are counted, so that their size depends on the code and not on how long it
    runs.
    """
    return [
        path,
        "record",
        "--pid",
        "{pid}",
        "--rate",
        str(rate),
        "--format",
        "raw",
        "--output",
        "{out}",
        "--full-filenames",
        "--threads",
        "--idle",
        "--native" if native else "--nonblocking",
    ]


def errors_of(messages: str) -> int:
    """How many times stacks could not be read."""
    found = _SUMMARY.search(messages)
    return int(found[2]) if found else 0


def fell_behind(messages: str) -> bool:
    """Whether py-spy said so itself."""
    return _BEHIND.search(messages) is not None
