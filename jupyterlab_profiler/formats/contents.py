"""What a reader of a format is given."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .badfile import BadFileError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ..model import Profile


@dataclass(frozen=True, slots=True)
class Contents:
    """A file: its path, and its bytes, unpacked. ``value`` of JSON."""

    path: str
    data: bytes
    value: Any = None

    @property
    def name(self) -> str:
        """The last part of the path."""
        return os.path.basename(self.path)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of profile file. ``read`` adds several; it raises ``ValueError`` with the path."""

    id: str
    label: str
    sniff: Callable[[Contents], bool]
    read: Callable[[Sequence[Contents]], Profile]


def label_of(files: Sequence[Contents]) -> str:
    """What the profile of these files is called."""
    return ", ".join(file.name for file in files)


@contextmanager
def naming(path: str) -> Iterator[None]:
    """Say of which file an error is that tells only the byte."""
    try:
        yield
    except BadFileError as error:
        raise ValueError(f"{path}: {error}") from None
