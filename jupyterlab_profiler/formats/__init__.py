"""Files that a profile is saved to. One module a format; the ending of the name tells which."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from ..model import Profile


def save(profile: Profile, path: str | os.PathLike[str]) -> None:
    """Write the profile to ``path`` in the format that its ending names.

    Raises ``ValueError`` for an ending that is not known, ``OSError`` when the file cannot be
    written. The file is there whole, or as it was before.
    """
    writer_of(path)(profile, path)


def writer_of(
    path: str | os.PathLike[str],
) -> Callable[[Profile, str | os.PathLike[str]], None]:
    """What writes files with this ending. Raises ``ValueError`` if nothing does."""
    from .json import write_json
    from .pstats import write_pstats

    writers = {".prof": write_pstats, ".pstats": write_pstats, ".json": write_json}
    ending = Path(path).suffix
    writer = writers.get(ending.lower())
    if writer is None:
        raise ValueError(
            f"no format has the ending {ending!r}: expected one of {', '.join(writers)}"
        )
    return writer
