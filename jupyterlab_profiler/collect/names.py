"""Functions and files of a profile, from what an engine calls them."""

from __future__ import annotations

from types import CodeType
from typing import TYPE_CHECKING

from ..model import File, Function
from .collector import Other
from .files import Cells, describe
from .getstats import DISPLAYING

if TYPE_CHECKING:
    from .collector import Called


class Names:
    """Functions and files, numbered as they come.

    One function a code object: namesakes stay apart.
    """

    def __init__(self, cells: Cells, module: str | None) -> None:
        self.functions: list[Function] = []
        self.files: list[File] = []
        #: Code objects by the number of their function.
        self.codes: dict[int, CodeType] = {}
        self._cells = cells
        self._module = module
        self._function_index: dict[int | str, int] = {}
        self._file_index: dict[str, int] = {}
        self._kept: list[object] = []
        self._meant: dict[int, CodeType] = {}

    def mean(self, called: CodeType, meant: CodeType) -> None:
        """Take one code object for another one: an engine has rewritten that."""
        self._kept.append(called)
        self._meant[id(called)] = meant

    def function(self, called: Called) -> int:
        """The function of what was called. All statements of the cell are its one module."""
        called = self._meant.get(id(called), called)
        key: int | str = id(called)
        if isinstance(called, CodeType):
            if called.co_name == "<module>" and called.co_filename == self._module:
                key = called.co_filename
        elif isinstance(called, Other) and called.pseudo:
            key = called.name
        index = self._function_index.get(key)
        if index is None:
            index = self.add(self._describe(called))
            self._function_index[key] = index
            self._kept.append(called)
            if isinstance(called, CodeType):
                self.codes[index] = called
        return index

    def known(self, called: Called) -> int | None:
        """The number of a function that has one already."""
        return self._function_index.get(id(called))

    def add(self, function: Function) -> int:
        """Number a function."""
        self.functions.append(function)
        return len(self.functions) - 1

    def file(self, name: str) -> int:
        """The number of the file of this name."""
        index = self._file_index.get(name)
        if index is None:
            index = self._file_index[name] = len(self.files)
            self.files.append(describe(name, self._cells))
        return index

    def _describe(self, called: Called) -> Function:
        if isinstance(called, CodeType):
            file = self.file(called.co_filename)
            return Function(
                called.co_name,
                called.co_qualname,
                file,
                1 if called.co_name == "<module>" else called.co_firstlineno,
                "generated" if self.files[file].origin == "none" else "python",
            )
        if isinstance(called, Other):
            kind = "pseudo" if called.pseudo else "callable"
            return Function(called.name, called.qualified, kind=kind)
        if called == DISPLAYING:
            return pseudo("displaying")
        return Function(called, builtin_name(called), kind="builtin")


def pseudo(what: str) -> Function:
    """A row that is no function: awaiting, displaying, tracing or block."""
    return Function(f"({what})", what, kind="pseudo")


def builtin_name(text: str) -> str:
    """``list.append`` of ``<method 'append' of 'list' objects>``, and so on."""
    if text.startswith("<built-in method "):
        return text[len("<built-in method ") : -1].removeprefix("builtins.")
    parts = text.split("'")
    if text.startswith("<method '") and len(parts) == 5:
        return f"{parts[3]}.{parts[1]}"
    return text
