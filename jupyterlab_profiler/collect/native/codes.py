"""Code objects of this process by what a sampler calls them: file, qualified name, a line."""

from __future__ import annotations

from types import CodeType
from typing import TYPE_CHECKING

from ..lines.targets import living_functions

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Code within code is looked through to this depth.
_DEEPEST = 20


class Codes:
    """The code of the functions that are asked for, as far as it still is there."""

    def __init__(self, paths: Iterable[str]) -> None:
        wanted = frozenset(paths)
        self._found: dict[tuple[str, str], list[CodeType]] = {}
        seen: set[int] = set()
        for function in living_functions():
            code = function.__code__
            if code.co_filename in wanted:
                self._add(code, seen, _DEEPEST)

    def _add(self, code: CodeType, seen: set[int], depth: int) -> None:
        if id(code) in seen or not depth:
            return
        seen.add(id(code))
        self._found.setdefault((code.co_filename, code.co_qualname), []).append(code)
        for constant in code.co_consts:
            if isinstance(constant, CodeType):
                self._add(constant, seen, depth - 1)

    def find(self, path: str, qualified: str, line: int) -> CodeType | None:
        """The function that was at this line: of several the one that begins last before it."""
        at_line = [
            code
            for code in self._found.get((path, qualified), ())
            if code.co_firstlineno <= line or not line
        ]
        return max(at_line, key=lambda code: code.co_firstlineno, default=None)
