"""Finds the code object of a frame that is known by name, file and line alone."""

from __future__ import annotations

from types import CodeType
from typing import TYPE_CHECKING

from ..lines.targets import living_functions

if TYPE_CHECKING:
    from collections.abc import Iterable


class Codes:
    """Code objects of the cell, and of all functions that are alive."""

    def __init__(self, codes: Iterable[CodeType]) -> None:
        self._codes: dict[tuple[str, str], list[CodeType]] | None = None
        self._own = list(codes)
        self._lines: dict[int, tuple[int, int]] = {}

    def find(self, name: str, path: str, line: int) -> CodeType | None:
        """The code of this name (qualified or not) in whose lines the line is; None if not known.

        Of several the innermost one.
        """
        if self._codes is None:
            self._codes = self._collected()
        found = [
            code
            for code in self._codes.get((path, name.rpartition(".")[2]), ())
            if name in (code.co_name, code.co_qualname) and self._holds(code, line)
        ]
        return max(found, key=lambda code: code.co_firstlineno, default=None)

    def _holds(self, code: CodeType, line: int) -> bool:
        span = self._lines.get(id(code))
        if span is None:
            lines = [one for _, _, one in code.co_lines() if one]
            span = self._lines[id(code)] = (
                min(lines, default=code.co_firstlineno),
                max(lines, default=code.co_firstlineno),
            )
        return span[0] <= line <= span[1]

    def _collected(self) -> dict[tuple[str, str], list[CodeType]]:
        left = [*self._own, *(function.__code__ for function in living_functions())]
        met: set[int] = set()
        found: dict[tuple[str, str], list[CodeType]] = {}
        while left:
            code = left.pop()
            if id(code) in met:
                continue
            met.add(id(code))
            found.setdefault((code.co_filename, code.co_name), []).append(code)
            left += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
        return found
