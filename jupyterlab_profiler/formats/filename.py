"""What a path in a profile from elsewhere stands for. ``src/formats/fileOf.ts`` has the same rules.

The machine that it was made on is not at hand, so this goes by the folders that Pythons are
installed in. What no rule knows is a file of the user's.
"""

from __future__ import annotations

import posixpath
import re

from ..model import File

_CELL = re.compile(r"(?:[\\/]ipykernel_\d+[\\/]\d+\.py|^<ipython-input-(\d+)-[^>]*>)\Z", re.ASCII)
_INSTALLED = re.compile(r"[\\/](?:site|dist)-packages[\\/](.+)\Z", re.DOTALL)
_STANDARD_FOLDER = re.compile(r"[\\/]lib(?:64)?[\\/]python\d(?:\.\d+)?t?[\\/]", re.ASCII)
_WINDOWS_FOLDER = re.compile(r"[\\/]Python\d*[\\/]Lib[\\/]", re.ASCII | re.IGNORECASE)
_STANDARD = re.compile(
    r"[\\/](?:lib|Lib|lib64)[\\/](?:python\d(?:\.\d+)?t?[\\/])?(.+)\Z", re.ASCII | re.DOTALL
)
_OBJECT = re.compile(r"\.(?:so(?:\.[\w.]+)?|dll|dylib|pyd|exe)\Z", re.ASCII | re.IGNORECASE)

#: Python that was compiled, as its makers tell by line directives.
CYTHON = (".pyx", ".pxd", ".pxi")
#: Where systems and compilers keep headers and sources, and the folder below that tells of what.
_SYSTEM = re.compile(
    r"(?:/opt/rh/[^/]+/root)?/(?:usr/(?:(?:local/)?include|src/debug)|(?:usr/(?:local/)?)?lib(?:32|64)?)/"
    r"(?:[\w.]+-linux-gnu\w*/)?(?:([^/]+)/)?"
)


def file_of_path(path: str) -> File:
    """The file of a path.

    >>> file_of_path("/opt/python3.13/lib/python3.13/json/decoder.py").label
    'json/decoder.py'
    """
    if (cell := _CELL.search(path)) is not None:
        return File(path, f"Cell [{cell[1]}]" if cell[1] else "", "cell")
    if path.startswith("<frozen "):
        module = path.removeprefix("<frozen ").removesuffix(">")
        return File(path, module, "frozen", module.partition(".")[0])
    if path.startswith("<") or not path:
        return File(path, path, "none")
    if _OBJECT.search(path):
        return File(path, "", "native")
    if (installed := _INSTALLED.search(path)) is not None:
        return _named(path, installed[1], "package")
    if _STANDARD_FOLDER.search(path) or _WINDOWS_FOLDER.search(path):
        inside = _STANDARD.search(path)
        if inside is not None:
            return _named(path, inside[1], "stdlib")
    return File(path, "", "file")


def compiled_file(path: str) -> File:
    """The file of a compiled function, as debug information has it: of the system, too.

    >>> compiled_file("/usr/include/c++/12/bits/stl_vector.h").package
    'c++'
    """
    found = file_of_path(path)
    if found.origin == "file" and (system := _SYSTEM.match(path)) is not None:
        return File(path, posixpath.basename(path), "package", system[1] or "system")
    return found


def _named(path: str, inside: str, origin: str) -> File:
    label = inside.replace("\\", "/")
    return File(path, label, origin, label.partition("/")[0].removesuffix(".py"))
