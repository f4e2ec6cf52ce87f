"""Builds a small extension module in C++ with pybind11, for the Python that runs the tests."""

from __future__ import annotations

import os
import shlex
import subprocess
import sysconfig
from pathlib import Path

import pybind11


def build_module(folder: Path, name: str, source: str, *flags: str) -> Path:
    """Write ``NAME.cpp`` into the folder and compile it there; the path of the module.

    ``flags`` come behind ``-O1 -g``, and may take those back.
    """
    text = folder / f"{name}.cpp"
    text.write_text(source, encoding="utf-8")
    module = folder / f"{name}{sysconfig.get_config_var('EXT_SUFFIX')}"
    command = [
        *shlex.split(os.environ.get("CXX", "c++")),
        *("-std=c++17", "-O1", "-g", "-shared", "-fPIC", "-fvisibility=hidden", *flags),
        *(f"-I{path}" for path in (pybind11.get_include(), sysconfig.get_paths()["include"])),
        *(str(text), "-o", str(module)),
    ]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    return module
