"""Code objects by what others call them, samplers and recorders of memory: file, name, a line."""

from __future__ import annotations

from types import CodeType
from typing import TYPE_CHECKING

from .lines.targets import living_functions

if TYPE_CHECKING:
    from collections.abc import Iterable


class Codes:
    """The code of all functions that are alive, and some more.

    Only files that are asked for are looked through.
    """

    def __init__(self, more: Iterable[CodeType] = ()) -> None:
        self._more = list(more)
        self._of_file: dict[str, list[CodeType]] | None = None
        self._named: dict[str, dict[str, list[CodeType]]] = {}
        self._spans: dict[int, tuple[int, int]] = {}

    def find(self, path: str, name: str, line: int = 0) -> CodeType | None:
        """The code of this name (qualified or not) in whose lines the line is; None if not known.

        Of several the innermost one. Line 0 is any.
        """
        found = [
            code
            for code in self._in(path).get(name.rpartition(".")[2], ())
            if name in (code.co_name, code.co_qualname) and (not line or self._holds(code, line))
        ]
        return max(found, key=lambda code: code.co_firstlineno, default=None)

    def _holds(self, code: CodeType, line: int) -> bool:
        span = self._spans.get(id(code))
        if span is None:
            lines = [one for _, _, one in code.co_lines() if one] or [code.co_firstlineno]
            span = self._spans[id(code)] = min(lines), max(lines)
        return span[0] <= line <= span[1]

    def _in(self, path: str) -> dict[str, list[CodeType]]:
        """The codes of a file by name, those within others included."""
        named = self._named.get(path)
        if named is not None:
            return named
        if self._of_file is None:
            self._of_file = {}
            for code in (*self._more, *(one.__code__ for one in living_functions())):
                self._of_file.setdefault(code.co_filename, []).append(code)
        named = self._named[path] = {}
        left = list(self._of_file.get(path, ()))
        met: set[int] = set()
        while left:
            code = left.pop()
            if id(code) not in met:
                met.add(id(code))
                named.setdefault(code.co_name, []).append(code)
                left += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
        return named
