"""Compiled programs of these tests, built once and kept in ``.sandbox``.

A compiler is needed: without one these tests fail, and say so.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pybind11
import pytest

HERE = Path(__file__).parent
KEPT = HERE.parent.parent / ".sandbox" / "native-builds"


def _compiler(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.fail(f"{name} is not installed: a compiler is needed (apt-get install g++)")
    return found


def _build(source: Path, target: str, command: list[str]) -> Path:
    text = source.read_bytes() + repr((command, sys.version, pybind11.__version__)).encode()
    folder = KEPT / hashlib.sha256(text).hexdigest()[:16]
    built = folder / target
    if not built.exists():
        folder.mkdir(parents=True, exist_ok=True)
        # Lines are found by the name of the source, which has to be older than the object.
        copied = folder / source.name
        shutil.copyfile(source, copied)
        half = folder / f"{target}.{os.getpid()}"
        subprocess.run([*command, str(copied), "-o", str(half)], check=True, cwd=folder)
        half.replace(built)
    return built


def mill(name: str = "mill", strip: str = "") -> Path:
    """The module of ``mill.cpp``, with ``strip``, an option of that program, applied."""
    suffix = sysconfig.get_config_var("EXT_SUFFIX")
    flags = ["-O2", "-g", "-shared", "-fPIC", "-std=c++17", "-fvisibility=hidden", f"-DMILL={name}"]
    includes = [f"-I{path}" for path in (pybind11.get_include(), sysconfig.get_path("include"))]
    command = [_compiler("g++"), *flags, *includes, "-pthread"]
    whole = _build(HERE / "mill.cpp", f"{name}{suffix}", command)
    if not strip:
        return whole
    folder = whole.parent / f"strip{strip}"
    folder.mkdir(exist_ok=True)
    stripped = folder / whole.name
    if not stripped.exists():
        half = folder / f"{whole.name}.{os.getpid()}"
        subprocess.run([_compiler("strip"), strip, "-o", str(half), str(whole)], check=True)
        half.replace(stripped)
    return stripped


def deny() -> Path:
    """The program of ``deny.c``."""
    return _build(HERE / "deny.c", "deny", [_compiler("gcc"), "-O1"])
