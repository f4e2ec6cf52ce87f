"""Names of frames as other tools write them. ``src/formats/pythonFrame.ts`` has the same rules."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PYTHON = re.compile(r"\.(?:py[xw]?|px[di])\Z|^<.+>\Z")
_OBJECT = re.compile(r"\.(?:so|dll|dylib|pyd|exe)\Z|\.so\.[\d.]{1,20}\Z", re.ASCII)
_LINE = re.compile(r"\d{1,9}", re.ASCII)
_TRAMPOLINE = "py::"


@dataclass(frozen=True, slots=True)
class Parts:
    """What is known of a function. ``path`` and ``object`` are "" if there is none."""

    name: str
    qualified: str = ""
    path: str = ""
    line: int = 0
    kind: str = "other"
    object: str = ""


def python_function(qualified: str, path: str) -> Parts:
    """A Python function by its qualified name: what pstats calls it is the last part."""
    name = qualified.rpartition(".")[2] or qualified
    return Parts(name, "" if name == qualified else qualified, path, kind="python")


def trampoline_function(symbol: str) -> Parts | None:
    """The function that CPython's perf trampoline names, as ``py::Butler.get:/opt/mosaic.py``."""
    if not symbol.startswith(_TRAMPOLINE):
        return None
    name, _, path = symbol.removeprefix(_TRAMPOLINE).partition(":")
    return python_function(name, path)


def located(text: str) -> tuple[str, str, int] | None:
    """Name, path and line of ``name (path:line)``, as py-spy and viztracer write it.

    Line 0 if there is none; None if there are no such brackets. Brackets in the path come in pairs.
    """
    begin = opening_bracket(text)
    if begin < 2 or text[begin - 1] != " ":
        return None
    name, inside = text[: begin - 1], text[begin + 1 : -1]
    path, colon, line = inside.rpartition(":")
    if colon and path and _LINE.fullmatch(line):
        return name, path, int(line)
    return (name, inside, 0) if is_python_path(inside) or is_object_path(inside) else None


def opening_bracket(text: str) -> int:
    """Where the bracket opens that the last character closes; -1 if there is none."""
    at = text.rfind("(")
    if at >= 0 and text.endswith(")") and text.find(")", at) == len(text) - 1:
        return at
    depth = 0
    for at in range(len(text) - 1, -1, -1):
        if text[at] == ")":
            depth += 1
        elif text[at] == "(":
            depth -= 1
        if not depth:
            return at if text[at] == "(" else -1
    return -1


def parts_of(text: str) -> tuple[Parts, int]:
    """The function that a frame's text names, and the line that it was at, 0 if not known."""
    trampoline = trampoline_function(text)
    if trampoline is not None:
        return trampoline, 0
    place = located(text)
    if place is None:
        return Parts(text), 0
    name, path, line = place
    parts = function_at(name, path)
    return parts, 0 if parts.object else line


def function_at(name: str, path: str) -> Parts:
    """The function of a name and the path of a source, or a library, that is written beside it."""
    if is_python_path(path):
        return python_function(name, path)
    if is_object_path(path):
        return Parts(name, object=path, kind="native")
    return Parts(name, path=path)


def is_python_path(path: str) -> bool:
    """Whether Python code lies in a file, as its name tells."""
    return _PYTHON.search(path) is not None


def is_object_path(path: str) -> bool:
    """Whether a path is one of a library, as its name tells."""
    return _OBJECT.search(path) is not None
