"""Compiled programs of these tests."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from compiling import kept, module, tool

HERE = Path(__file__).parent


def mill(name: str = "mill", strip: str = "") -> Path:
    """The module of ``mill.cpp``, with ``strip``, an option of that program, applied."""
    whole = module(HERE / "mill.cpp", name, "-O2", f"-DMILL={name}")
    if not strip:
        return whole
    folder = whole.parent / f"strip{strip}"
    folder.mkdir(exist_ok=True)
    stripped = folder / whole.name
    if not stripped.exists():
        half = folder / f"{whole.name}.{os.getpid()}"
        subprocess.run([tool("strip"), strip, "-o", str(half), str(whole)], check=True)
        half.replace(stripped)
    return stripped


def deny() -> Path:
    """The program of ``deny.c``."""
    return kept(HERE / "deny.c", "deny", "-O1")
