"""The wire payload as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .badfile import BadFileError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..model import Profile
    from .contents import Contents

#: Bytes of a JSON file that is read: parsed, they take some twenty times as much room.
MOST_BYTES = 128_000_000


def dump_json(profile: Profile) -> bytes:
    """The whole profile as one JSON object, nothing folded."""
    import json

    from ..wire import encode

    return json.dumps(encode(profile, limit=None), allow_nan=False).encode("ascii") + b"\n"


def parse(data: bytes) -> Any:
    """What a JSON file holds. Raises :class:`BadFileError`."""
    import json

    if len(data) > MOST_BYTES:
        raise BadFileError(MOST_BYTES, f"{len(data)} bytes of JSON are more than are read")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFileError(error.start, "JSON was expected, and this is no UTF-8") from None
    try:
        return json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        at = len(text[: error.pos].encode())
        raise BadFileError(at, f"JSON was expected: {error.msg}", error.lineno) from None
    except ValueError as error:
        raise BadFileError(0, f"JSON was expected: {error}") from None
    except RecursionError:
        raise BadFileError(0, "lists or objects are too deep in one another") from None


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no number")


def sniff(file: Contents) -> bool:
    """Whether this is a payload of this package."""
    return isinstance(file.value, dict) and file.value.get("schema") == "jupyterlab-profiler"


def read(files: Sequence[Contents]) -> Profile:
    """The profile in files, added."""
    from ..wire import WireError, decode
    from .added import added

    profiles = []
    for file in files:
        try:
            profiles.append(decode(file.value))
        except WireError as error:
            raise ValueError(f"{file.path}: {error}") from None
    return added(profiles)
