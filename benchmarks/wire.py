"""How long payloads take to write and to read in Python, and the profiler to start and stop.

    python benchmarks/wire.py [--rounds N] [--json]

The payload is a call tree of 100 000 nodes, not folded. ``decode.mjs`` is the same for the reader
in TypeScript.
"""

from __future__ import annotations

import json
import platform
import time
from typing import TYPE_CHECKING, Any

from common import options, print_json, spread
from overhead import start_and_stop
from payloads import path_profile

from jupyterlab_profiler.wire import decode, encode

if TYPE_CHECKING:
    from collections.abc import Callable

NODES = 100_000


def milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def measure(rounds: int) -> dict[str, Any]:
    profile = path_profile(NODES)
    payload = encode(profile, limit=None)
    decode(payload)
    times: dict[str, list[float]] = {"encode": [], "decode": []}
    for _ in range(rounds):
        times["encode"].append(milliseconds(lambda: encode(profile, limit=None)))
        times["decode"].append(milliseconds(lambda: decode(payload)))
    return {
        "python": platform.python_version(),
        "rounds": rounds,
        "nodes": NODES,
        "bytes": len(json.dumps(payload, ensure_ascii=False).encode("utf-8")),
        **times,
        "start_stop_us": [start_and_stop("recorder") for _ in range(rounds)],
    }


def main() -> None:
    arguments = options(__doc__, 9).parse_args()
    result = measure(arguments.rounds)
    if arguments.json:
        print_json(result)
        return
    print(f"Python {result['python']}, {NODES} path nodes, {result['bytes']} bytes of JSON")
    for name in ("encode", "decode"):
        print(f"{name:16} {spread(result[name], ' ms', 1)}")
    print(f"{'start and stop':16} {spread(result['start_stop_us'], ' microseconds', 0)}")


if __name__ == "__main__":
    main()
