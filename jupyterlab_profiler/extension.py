"""What of ours is registered with a shell, and how it comes and goes.

Two things apart: the *machinery* that profiles cells, which is nobody else's, and the *names* of
the magics, which another extension may have taken before. A button of the front end needs only the
machinery (:mod:`.remote`); ``%load_ext`` takes the names as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import kernprof
from .asked import AskedCells
from .cell import CellTransformer
from .cells import CellNames
from .collect.collector import hide
from .magics import ProfilerMagics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from IPython.core.interactiveshell import InteractiveShell

_PACKAGE = "jupyterlab_profiler"


class Extension:
    """The machinery and the magics of one shell."""

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell
        #: By kind and name.
        self._replaced: dict[tuple[str, str], Any] = {}
        self.cells = CellNames(shell)
        self.asked = AskedCells()
        self.transformer = CellTransformer(shell, self.cells, self.asked, self.owns_cell_magic)
        self.magics = ProfilerMagics(shell, self.cells, self.transformer)

    def put_in(self) -> None:
        """Register each part of the machinery that is not there."""
        lines, trees = self._transformers()
        # First: another one may change the lines, or rebuild the tree and lose our mark.
        if self.transformer.transform_lines not in lines:
            lines.insert(0, self.transformer.transform_lines)
        if self.transformer not in trees:
            trees.insert(0, self.transformer)
        for event, callback in self._callbacks():
            if callback not in self._shell.events.callbacks[event]:
                self._shell.events.register(event, callback)

    def take_names(self, *, from_others: bool) -> dict[tuple[str, str], Any]:
        """Register the magics under their names.

        A name that somebody else has is taken only ``from_others``; those magics are returned, by
        kind (``line``, ``cell``) and name, and given back by :meth:`take_out`.
        """
        manager = self._shell.magics_manager
        replaced: dict[tuple[str, str], Any] = {}
        for kind, name, ours in self._names():
            known, other = manager.magics[kind], self._others_magic(kind, name)
            if other is not None and not from_others:
                continue
            if other is not None and name in known:
                replaced[kind, name] = other
            known[name] = ours
        manager.registry[type(self.magics).__name__] = self.magics
        self._replaced |= replaced
        kernprof.put_in()
        return replaced

    def take_out(self) -> None:
        """Take everything away again, and give back what was there before."""
        self.transformer.unload()
        lines, trees = self._transformers()
        for registered, ours in (
            (lines, self.transformer.transform_lines),
            (trees, self.transformer),
            *((self._shell.events.callbacks[event], ours) for event, ours in self._callbacks()),
        ):
            if ours in registered:  # IPython takes out what once failed
                registered.remove(ours)
        manager = self._shell.magics_manager
        for kind, name, _ in self._names():
            known = manager.magics[kind]
            if self._is_ours(known.get(name)):
                del known[name]
            if (kind, name) in self._replaced:
                known.setdefault(name, self._replaced[kind, name])
        manager.registry.pop(type(self.magics).__name__, None)
        kernprof.take_out()

    def owns_cell_magic(self, name: str) -> bool:
        """Whether the cell magic of this name is ours now."""
        return self._is_ours(self._shell.magics_manager.magics["cell"].get(name))

    def _names(self) -> Iterator[tuple[str, str, Any]]:
        for kind, magics in self.magics.magics.items():
            for name, ours in magics.items():
                yield kind, name, ours

    def _is_ours(self, magic: object) -> bool:
        return getattr(magic, "__self__", None) is self.magics

    def _others_magic(self, kind: str, name: str) -> object | None:
        """What somebody else has under the name, or the module that IPython would get it from."""
        manager = self._shell.magics_manager
        magic: object | None = manager.magics[kind].get(name)
        if magic is None:
            magic = manager.lazy_magics.get(name)
            return None if magic == _PACKAGE else magic
        return None if self._is_ours(magic) else magic

    def _transformers(self) -> tuple[list[Any], list[Any]]:
        return self._shell.input_transformer_manager.line_transforms, self._shell.ast_transformers

    def _callbacks(self) -> Iterator[tuple[str, Callable[[Any], None]]]:
        yield "pre_run_cell", self.cells.note
        yield "pre_run_cell", self.asked.begin
        yield "post_run_cell", self.asked.end

    hide(owns_cell_magic, _is_ours)


def load(shell: InteractiveShell) -> None:
    """Register everything with the shell, and say so when a magic of ours takes another's place."""
    extension = loaded(shell) or install(shell)
    extension.put_in()
    for (kind, name), magic in extension.take_names(from_others=True).items():
        sign = "%%" if kind == "cell" else "%"
        print(
            f"jupyterlab_profiler: {sign}{name} of "
            f"{getattr(magic, '__module__', 'another extension')} is replaced; "
            "%unload_ext jupyterlab_profiler gives it back."
        )


def unload(shell: InteractiveShell) -> None:
    """Take everything away again, and give back what was there before."""
    extension = loaded(shell)
    if extension is not None:
        del vars(shell.magics_manager)[_KEY]
        extension.take_out()


#: Where a shell keeps what is loaded into it: with its own registry of magics.
_KEY = "_jupyterlab_profiler"


def loaded(shell: InteractiveShell) -> Extension | None:
    """What is loaded into this shell, or None."""
    found: Extension | None = vars(shell.magics_manager).get(_KEY)
    return found


def install(shell: InteractiveShell) -> Extension:
    """Load into this shell what profiles cells, and our magics under the names that are free."""
    extension = vars(shell.magics_manager)[_KEY] = Extension(shell)
    extension.put_in()
    extension.take_names(from_others=False)
    return extension
