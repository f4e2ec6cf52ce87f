"""Finds the binary that an object of a profile was, on this machine or among another one's."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from .elf import read_elf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ..model import NativeObject
    from .elf import Elf

#: Files that are looked at in all folders together.
_MOST_FILES = 20_000


class Binary(NamedTuple):
    """A file, and what it tells of itself. ``reason``: why no file was taken, else ""."""

    path: str
    elf: Elf | None
    reason: str = ""


class Binaries:
    """Binaries that are named, those in folders, and those where a profile says that they were.

    An object is found by its build id where it has one, else by its name.
    """

    def __init__(self, named: Sequence[str] = (), folders: Sequence[str] = ()) -> None:
        self._named = [(path, read_elf(path)) for path in named]
        for path, elf in self._named:
            if elf is None:
                raise ValueError(f"{path} is no ELF file that can be read")
        self._folders = folders
        self._listed: list[str] | None = None
        self._known: dict[str, Elf | None] = {}

    def find(self, one: NativeObject, fits: Callable[[Binary], bool] | None = None) -> Binary:
        """The binary of an object. Another build of it is never taken.

        ``fits`` tells whether it is one where there is no build id to go by.
        """
        others = 0
        unlike: list[str] = []
        for path in self._candidates(one):
            elf = self._elf(path)
            if elf is None:
                continue
            if one.build_id and elf.build_id != one.build_id:
                others += 1
                continue
            if not one.build_id and fits is not None and not fits(Binary(path, elf)):
                unlike.append(path)
                continue
            return Binary(path, elf)
        reason = "is not on this machine"
        if others:
            reason = "is here in another build alone"
        elif unlike:
            has = "has" if len(unlike) == 1 else "have"
            reason = (
                f"is here in another build alone: {', '.join(unlike)} {has} other functions at its "
                "addresses"
            )
        return Binary("", None, reason)

    def _elf(self, path: str) -> Elf | None:
        if path not in self._known:
            self._known[path] = read_elf(path)
        return self._known[path]

    def _candidates(self, one: NativeObject) -> Iterator[str]:
        """Paths, the best first."""
        name = os.path.basename(one.path)
        for path, elf in self._named:
            if one.build_id and elf and elf.build_id == one.build_id:
                yield path
        if one.build_id:
            by_id = os.path.join(".build-id", one.build_id[:2], one.build_id[2:])
            for folder in self._folders:
                yield os.path.join(folder, f"{by_id}.debug")
                yield os.path.join(folder, by_id)
            yield from self._of_build(one.build_id)
        yield from (path for path, _ in self._named if _is_called(path, name))
        yield from (path for path in self._files() if _is_called(path, name))
        # A path that is relative was so on another machine, or in another folder.
        if os.path.isabs(one.path):
            yield one.path

    def _of_build(self, build_id: str) -> Iterator[str]:
        for path in self._files():
            elf = self._elf(path)
            if elf is not None and elf.build_id == build_id:
                yield path

    def _files(self) -> list[str]:
        """Files in the folders and below them."""
        if self._listed is None:
            self._listed = []
            for top in self._folders:
                if not os.path.isdir(top):
                    raise ValueError(f"{top} is no folder")
                for folder, folders, names in os.walk(top):
                    folders.sort()
                    self._listed += (os.path.join(folder, name) for name in sorted(names))
                    if len(self._listed) > _MOST_FILES:
                        raise ValueError(f"{top} has more than {_MOST_FILES} files")
        return self._listed


def _is_called(path: str, name: str) -> bool:
    return os.path.basename(path) in (name, f"{name}.debug")
