"""The wire payload as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .files import write_whole

if TYPE_CHECKING:
    import os

    from ..model import Profile


def write_json(profile: Profile, path: str | os.PathLike[str]) -> None:
    """Write the whole profile as one JSON object, nothing folded. Raises ``OSError``."""
    import json

    from ..wire import encode

    payload = encode(profile, limit=None)
    write_whole(path, json.dumps(payload, allow_nan=False).encode("ascii") + b"\n")
