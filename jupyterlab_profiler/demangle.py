"""Names of C++ functions for people, as c++filt of GNU binutils prints them.

The work is done by ``__cxa_demangle`` of the C++ runtime library, where there is none by c++filt,
and by nobody where neither is there: names then stay as they are. A short name can stand for one
of any length, so all but the simplest are done by a process of its own, with bounds on its memory
and time. That process runs this file: it imports nothing of the package.
"""

from __future__ import annotations

import contextlib
import ctypes
import re
import shutil
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_MANGLED = re.compile(r"_Z[\w.$]+", re.ASCII)
#: Libraries that have the function: of GCC on Linux, and of macOS.
_LIBRARIES = ("libstdc++.so.6", "libc++.1.dylib")
#: References to a part of the name itself. Each may at most double what a name stands for.
_REFERENCE = re.compile(r"S[0-9A-Z]*_|T[0-9]*_")
_FEW_REFERENCES = 8
#: Characters of a name that is shown; seconds for all names; bytes of memory for them.
_MOST_SHOWN, _MOST_SECONDS, _MOST_MEMORY = 1 << 15, 5.0, 1 << 29

#: The library abbreviates these names, and c++filt does not.
_ABBREVIATED = re.compile(r"\bstd::(string|[io]{1,2}stream)\b(>?)")
_IN_FULL = {
    "string": "basic_string<char, std::char_traits<char>, std::allocator<char> >",
    **{
        name: f"basic_{name}<char, std::char_traits<char> >"
        for name in ("istream", "ostream", "iostream")
    },
}


def demangled(names: Iterable[str]) -> dict[str, str]:
    """Names for people, by mangled names. Names that are not mangled, or not known, are not in it.

    >>> demangled(["_ZN3lin4fillERNS_6MatrixEj", "main"])
    {'_ZN3lin4fillERNS_6MatrixEj': 'lin::fill(lin::Matrix&, unsigned int)'}
    """
    mangled = {name for name in names if _MANGLED.fullmatch(name)}
    if not mangled:
        return {}
    function = _of_library()
    simple = {name for name in mangled if len(_REFERENCE.findall(name)) <= _FEW_REFERENCES}
    found = {name: function(name) for name in simple} if function else {}
    rest = sorted(mangled - found.keys())
    if rest:
        found.update(zip(rest, _apart(rest, function is not None), strict=False))
    return {name: text for name, text in found.items() if text and text != name}


def _of_library() -> Callable[[str], str] | None:
    """A function that gives a name for people, "" for a name that it does not know."""
    for name in _LIBRARIES:
        with contextlib.suppress(OSError, AttributeError):
            library = ctypes.CDLL(name)
            demangle = library["__cxa_demangle"]
            break
    else:
        return None
    demangle.restype = ctypes.c_void_p
    demangle.argtypes = [ctypes.c_char_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]
    free = ctypes.CDLL(None).free
    free.restype, free.argtypes = None, [ctypes.c_void_p]

    def call(mangled: str) -> str:
        pointer = demangle(mangled.encode(), None, None, None)
        if not pointer:
            return ""
        try:
            data = ctypes.string_at(pointer)
        finally:
            free(pointer)
        if len(data) > _MOST_SHOWN:
            return ""
        return _ABBREVIATED.sub(_in_full, data.decode("utf-8", "replace"))

    return call


def _in_full(found: re.Match[str]) -> str:
    if found[1] not in _IN_FULL:
        return found[0]
    return f"std::{_IN_FULL[found[1]]}{found[2] and ' >'}"


def _apart(names: list[str], by_library: bool) -> list[str]:
    """Names for people, by another process: of as many as it managed in time."""
    tool = shutil.which("c++filt") or shutil.which("llvm-cxxfilt")
    if by_library and sys.executable:
        command = [sys.executable, "-I", "-S", __file__]
    elif tool:
        command = [tool]
    else:
        return []
    try:
        process = subprocess.Popen(  # noqa: S603 - ourselves, or c++filt
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        return []
    _bound(process.pid)
    timer = threading.Timer(_MOST_SECONDS, process.kill)
    timer.start()
    try:
        # What it had written when it was ended is kept.
        data, _ = process.communicate("\n".join(names).encode() + b"\n")
    finally:
        timer.cancel()
    *lines, _ = data.decode("utf-8", "replace").split("\n")
    return [line if len(line) <= _MOST_SHOWN else "" for line in lines]


def _bound(pid: int) -> None:
    """Bound the memory of a process, where the system can. What wants more has no other name."""
    if sys.platform == "linux":
        import resource

        with contextlib.suppress(OSError):
            resource.prlimit(pid, resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))


def _serve() -> None:
    """Answer each line of the input with one, at once."""
    function = _of_library()
    for line in sys.stdin.buffer:
        text = function(line.decode().rstrip("\n")) if function else ""
        sys.stdout.buffer.write(text.encode() + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    _serve()
