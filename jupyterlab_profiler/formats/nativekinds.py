"""Which functions of a file are compiled. ``src/formats/nativeKinds.ts`` has the same rules."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..model import Function, Profile

#: Sources of compiled code, as their names tell.
_SOURCE = re.compile(
    r"\.(?:c|cc|cpp|cxx|c\+\+|C|h|hh|hpp|hxx|h\+\+|ipp|tcc|tpp|inl|rs|f|f90|f95|s|S)\Z"
)
#: A name with a scope, or one as it is in object files: no Python function is called so.
_COMPILED = re.compile(r"\w::[\w~(<{]|^_?_Z(?:[A-Z]|\d)", re.ASCII)
#: A symbol of C, and what compilers put behind it.
_SYMBOL = re.compile(r"[A-Za-z_]\w*(?:[.@][\w.@]+)?", re.ASCII)


def with_native_kinds(profile: Profile) -> Profile:
    """The profile with kinds of functions that a file names and no more.

    Those with a source of compiled code or a name of C++ are compiled; and where others are Python
    functions, all that have a symbol's name and no file.
    """
    has_python = any(function.kind == "python" for function in profile.functions)

    def is_native(function: Function) -> bool:
        if function.file is not None:
            return _SOURCE.search(profile.files[function.file].path) is not None
        return _COMPILED.search(function.name) is not None or (
            has_python and _SYMBOL.fullmatch(function.name) is not None
        )

    profile.functions = [
        replace(function, kind="native")
        if function.kind == "other" and is_native(function)
        else function
        for function in profile.functions
    ]
    return profile
