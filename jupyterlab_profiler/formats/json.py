"""The wire payload as a file."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any

from .badfile import BadFileError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..model import Profile
    from .contents import Contents

#: Bytes of a JSON file that is read: parsed, they take some twenty times as much room.
MOST_BYTES = 128_000_000
#: Lists and objects in it, which take up to 250 bytes each, and all values: numbers take 32.
MOST_CONTAINERS = 1 << 23
MOST_VALUES = 1 << 25

_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)


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
    _require_room(data)
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


def _require_room(data: bytes) -> None:
    """Refuse what has more values than fit into the memory, before they are made."""
    if _too_many(data):
        # What stands in texts is none; these are looked at only where there is so much.
        data = _TEXT.sub(lambda text: b"_" * len(text[0]), data)
        if what := _too_many(data):
            sign, most, name = what
            raise BadFileError(_place(data, sign, most), f"more than {most} {name} are not read")


def _too_many(data: bytes) -> tuple[bytes, int, str] | None:
    """What there is too much of: a pattern of it, how many may be, and its name."""
    containers = data.count(b"[") + data.count(b"{")
    if containers > MOST_CONTAINERS:
        return rb"[\[{]", MOST_CONTAINERS, "lists and objects"
    # A value has a comma behind it or is the last of what it is in.
    if containers + data.count(b",") > MOST_VALUES:
        return rb"[\[{,]", MOST_VALUES, "values"
    return None


def _place(data: bytes, sign: bytes, most: int) -> int:
    """The byte of the first that is one too many."""
    return next(islice(re.finditer(sign, data), most, None)).start()


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
