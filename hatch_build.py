"""Compiles the optional C extension module into the wheel.

The environment variable ``JUPYTERLAB_PROFILER_EXT`` says what to do:

- unset, or ``try``: compile it where that works; else the wheel is pure Python, holds the
  reason, and the package does without;
- ``require``: fail where it cannot be compiled;
- ``off``: do not compile it.

``python hatch_build.py FOLDER`` compiles the module alone, into a folder, as the tests do;
compiler and linker take the flags in ``CFLAGS`` and ``LDFLAGS``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
PACKAGE = "jupyterlab_profiler.collect"
NAME = "_recorder"
MODES = ("try", "require", "off")


def source_files(root: Path, pattern: str) -> list[str]:
    """The C sources or headers, relative to the project, in an order that does not vary."""
    return sorted(str(path.relative_to(root)) for path in root.glob(f"csrc/recorder/{pattern}"))


def obstacle() -> str:
    """Why this Python cannot have the module however it is compiled, or an empty string."""
    if sys.implementation.name != "cpython":
        return f"it is made for CPython, and this is {sys.implementation.name}"
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        return "it is not made for free-threaded Python"
    return ""


def compile_module(root: Path, folder: Path) -> Path:
    """Compile the module into ``folder``, at its place in the package; return its path."""
    # Imported here: only a build needs setuptools, and a pure one does without.
    from setuptools import Distribution, Extension
    from setuptools.command.build_ext import build_ext

    if why := obstacle():
        raise RuntimeError(why)
    extension = Extension(
        f"{PACKAGE}.{NAME}",
        source_files(root, "*.c"),
        depends=source_files(root, "*.h"),
        # What the C files share among themselves is nobody else's.
        extra_compile_args=["/std:c11"]
        if sys.platform == "win32"
        else ["-std=c11", "-fvisibility=hidden"],
    )
    command = build_ext(Distribution({"name": NAME, "ext_modules": [extension]}))
    command.build_lib = str(folder)
    command.build_temp = str(folder / "objects")
    command.force = True  # whatever lies there, of whichever age
    command.ensure_finalized()
    before = Path.cwd()
    os.chdir(root)  # relative sources keep the paths in objects and messages short
    try:
        command.run()
    finally:
        os.chdir(before)
    return Path(command.get_ext_fullpath(extension.name))


def in_words(error: BaseException) -> str:
    """Why it could not be compiled, short enough for a sentence: the log has all of it."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, subprocess.CalledProcessError):
            return f"{Path(cause.cmd[0]).name} failed with exit code {cause.returncode}"
        if isinstance(cause, FileNotFoundError) and cause.filename:
            return f"{cause.filename} was not found"
        cause = cause.__cause__ or cause.__context__
    return " ".join(str(error).split()) or type(error).__name__


class CompiledPart(BuildHookInterface):  # type: ignore[type-arg]  # its parameters are hatchling's own
    """Adds the compiled module to a wheel, or the reason why it is not in it."""

    temporary: tempfile.TemporaryDirectory[str] | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, before the files of the wheel are collected."""
        if self.target_name != "wheel":
            return
        mode = os.environ.get("JUPYTERLAB_PROFILER_EXT") or "try"
        if mode not in MODES:
            raise ValueError(f"JUPYTERLAB_PROFILER_EXT={mode}: set it to one of {', '.join(MODES)}")
        # Kept until the wheel is written; removed by itself when the build fails.
        self.temporary = tempfile.TemporaryDirectory(prefix="recorder-")
        root = Path(self.root)
        place = f"{PACKAGE.replace('.', '/')}/"
        installed = root / place / f"{NAME}{sysconfig.get_config_var('EXT_SUFFIX')}"
        editable = version == "editable"
        if editable:
            # Never one that was made from other sources. A process that uses it keeps it.
            installed.unlink(missing_ok=True)
        try:
            if mode == "off":
                raise RuntimeError("JUPYTERLAB_PROFILER_EXT was off when it was built")
            built = compile_module(root, Path(self.temporary.name))
        # Compiler, headers, linker, setuptools: whatever fails, pure Python is enough.
        except Exception as error:
            reason = f"{PACKAGE}.{NAME} is not compiled: {in_words(error)}"
            if mode == "require":
                raise RuntimeError(reason) from error
            self.app.display_warning(reason)
            if not editable:
                # pip hides the warning: jupyterlab_profiler/collect/compiled.py reads this.
                note = Path(self.temporary.name, f"{NAME}.txt")
                note.write_text(f"{in_words(error)}\n", encoding="utf-8")
                build_data["force_include"][str(note)] = place + note.name
            return
        build_data["pure_python"] = False
        build_data["infer_tag"] = True
        if editable:
            shutil.copyfile(built, installed)
        else:
            build_data["force_include"][str(built)] = place + built.name

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was compiled, when it is in the wheel."""
        if self.temporary is not None:
            self.temporary.cleanup()


if __name__ == "__main__":
    print(compile_module(ROOT, Path(sys.argv[1]).resolve()))
