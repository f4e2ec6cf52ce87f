"""Files that both languages write of one profile, byte for byte. ``python tests/written.py`` makes them.

``tests/test_written.py`` and ``src/formats/write/__tests__/written.spec.ts`` hold what is written against them.
"""

from __future__ import annotations

import json
import marshal
from pathlib import Path
from typing import TYPE_CHECKING

from jupyterlab_profiler import load
from jupyterlab_profiler.formats import dumps
from jupyterlab_profiler.formats.pstats import table_of
from jupyterlab_profiler.wire import decode

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyterlab_profiler.model import Profile

TESTS = Path(__file__).parent
DATA = TESTS / "data"
FOLDER = DATA / "written"
SAMPLES = TESTS.parent / "wire" / "samples"

#: Payloads, by name.
PAYLOADS = (
    "both",
    "combine",
    "empty",
    "functions",
    "guide",
    "interrupted",
    "lines",
    "mosaic",
    "negative",
    "paths",
)
#: Files of other tools, by the name that their copies have.
OTHERS = {
    "py-spy": "collapsed/py-spy-0.4.3.folded",
    "py2.7.profile-module": "pstats/py2.7.profile-module.prof",
    "v3.5.1": "lprof/v3.5.1-py3.8.lprof",
    "v5.0.2": "lprof/v5.0.2-py3.13.lprof",
}


def profiles() -> dict[str, Profile]:
    """Profiles of which files are made, by name."""
    return {
        **{name: decode(json.loads((SAMPLES / f"{name}.json").read_bytes())) for name in PAYLOADS},
        **{name: load(DATA / path) for name, path in OTHERS.items()},
    }


def _pstats(profile: Profile) -> bytes:
    """What every Python marshals in the same way: no version after 2 does."""
    dumps(profile, "pstats")  # raises where it is refused
    return marshal.dumps(_with_floats(table_of(profile)), 2)


def _with_floats(table: dict) -> dict:  # type: ignore[type-arg]
    return {
        key: (cc, nc, float(tt), float(ct), {
            caller: counts if isinstance(counts, int) else (*counts[:2], *map(float, counts[2:]))
            for caller, counts in callers.items()
        })
        for key, (cc, nc, tt, ct, callers) in table.items()
    }  # fmt: skip


WRITERS: dict[str, tuple[str, Callable[[Profile], bytes]]] = {
    "pstats": (".prof", _pstats),
    "lprof": (".lprof", lambda profile: dumps(profile, "lprof")),
    "collapsed": (".collapsed", lambda profile: dumps(profile, "collapsed")),
    "speedscope": (".speedscope.json", lambda profile: dumps(profile, "speedscope")),
}


def files() -> dict[str, bytes]:
    """Name and content of every file. ``refused.json`` says why there are no others."""
    made: dict[str, bytes] = {}
    refused: dict[str, dict[str, str]] = {}
    for name, profile in profiles().items():
        for kind, (ending, write) in WRITERS.items():
            try:
                content = write(profile)
            except ValueError as error:
                refused.setdefault(name, {})[kind] = str(error)
            else:
                if kind != "speedscope":  # numbers stand there as a language writes them
                    made[name + ending] = content
    made["refused.json"] = (json.dumps(refused, indent=1) + "\n").encode("ascii")
    return made


if __name__ == "__main__":
    for name, content in files().items():
        (FOLDER / name).write_bytes(content)
        print(f"{len(content):8} {name}")
