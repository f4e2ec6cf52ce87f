"""Compiles what tests need in C and C++. Without a compiler they fail, and say so.

The compilers are those that ``CC`` and ``CXX`` name, else gcc and g++, else cc and c++.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pybind11
import pytest

KEPT = Path(__file__).parent.parent / ".sandbox" / "compiled"


def tool(*names: str) -> str:
    """The first of these programs that is there."""
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        pytest.fail(
            f"{names[0]} is not installed, and this test needs a compiler: "
            "apt-get install gcc g++ libc6-dev, or xcode-select --install"
        )
    return found


def compiler(source: Path) -> list[str]:
    """The command of the compiler for a file in C or C++."""
    variable, *names = ("CC", "gcc", "cc") if source.suffix == ".c" else ("CXX", "g++", "c++")
    if command := shlex.split(os.environ.get(variable, "")):
        return [tool(command[0]), *command[1:]]
    return [tool(*names)]


def compiled(source: Path, target: Path, *flags: str) -> Path:
    """The file that is compiled of a source."""
    command = [*compiler(source), *flags, str(source), "-o", str(target)]
    made = subprocess.run(command, capture_output=True, text=True, check=False, cwd=target.parent)
    assert made.returncode == 0, f"{shlex.join(command)}\n{made.stderr}"
    return target


def kept(source: Path, name: str, *flags: str) -> Path:
    """The same, once for all runs, beside a copy of its source."""
    command = (*compiler(source), *flags, sys.version, pybind11.__version__)
    text = source.read_bytes() + repr((name, command)).encode()
    folder = KEPT / hashlib.sha256(text).hexdigest()[:16]
    built = folder / name
    if not built.exists():
        folder.mkdir(parents=True, exist_ok=True)
        # The text of lines is shown where it is older than what was built of it.
        copied = folder / source.name
        shutil.copyfile(source, copied)
        compiled(copied, folder / f"{name}.{os.getpid()}", *flags).replace(built)
    return built


def module(source: Path, name: str, *flags: str) -> Path:
    """An extension module with pybind11 for the Python that runs the tests, kept."""
    return kept(
        source,
        f"{name}{sysconfig.get_config_var('EXT_SUFFIX')}",
        *("-std=c++17", "-g", "-shared", "-fPIC", "-fvisibility=hidden", "-pthread", *flags),
        *(f"-I{path}" for path in (pybind11.get_include(), sysconfig.get_path("include"))),
    )
