"""What a file name in code stands for: a cell, the user's file, a package, the stdlib."""

from __future__ import annotations

import os
import sys
import sysconfig
from functools import cache
from typing import Protocol

from ..model import File


class Cells(Protocol):
    """Knows which file names are a notebook's cells."""

    def find(self, name: str) -> File | None:
        """The cell of this file name, or None."""

    def source(self, name: str) -> str | None:
        """What was typed into the cell of this file name, or None."""


class NoCells:
    """For code that runs outside of a notebook."""

    def find(self, name: str) -> File | None:  # noqa: ARG002 - the Protocol's
        """No file name is a cell's."""
        return None

    def source(self, name: str) -> str | None:  # noqa: ARG002 - the Protocol's
        """No file name is a cell's."""
        return None


#: What most code outside of a notebook has.
NO_CELLS: Cells = NoCells()


def describe(name: str, cells: Cells) -> File:
    """The file that a code object names."""
    cell = cells.find(name)
    if cell is not None:
        return cell
    if name.startswith("<frozen "):
        module = name[len("<frozen ") :].rstrip(">")
        return File(name, module, "frozen", module.partition(".")[0])
    if name.startswith("<"):
        return File(name, name, "none")
    path = os.path.normcase(os.path.abspath(name))
    # Installed packages first: they often lie inside the standard library's folder.
    for origin, folders in (("package", _package_folders()), ("stdlib", _stdlib_folders())):
        for folder in folders:
            if path.startswith(folder):
                label = path[len(folder) :].replace(os.sep, "/")
                return File(name, label, origin, _first_part(label))
    here = os.path.join(os.path.normcase(os.getcwd()), "")
    label = path[len(here) :] if path.startswith(here) else os.path.basename(path)
    return File(name, label.replace(os.sep, "/"), "file")


def _first_part(label: str) -> str:
    first = label.partition("/")[0]
    return first.removesuffix(".py")


@cache
def _package_folders() -> tuple[str, ...]:
    import site

    paths = sysconfig.get_paths()
    folders = {paths["purelib"], paths["platlib"], site.getusersitepackages()}
    folders.update(path for path in sys.path if os.path.basename(path) in _PACKAGE_FOLDER_NAMES)
    folders.update(site.getsitepackages())
    return _longest_first(folders)


_PACKAGE_FOLDER_NAMES = ("site-packages", "dist-packages")


@cache
def _stdlib_folders() -> tuple[str, ...]:
    paths = sysconfig.get_paths()
    return _longest_first({paths["stdlib"], paths["platstdlib"], os.path.dirname(os.__file__)})


def _longest_first(folders: set[str]) -> tuple[str, ...]:
    absolute = {os.path.join(os.path.normcase(os.path.abspath(folder)), "") for folder in folders}
    return tuple(sorted(absolute, key=len, reverse=True))
