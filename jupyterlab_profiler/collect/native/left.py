"""What was sampled of a script that died: it can build no profile, so who started it does.

The script's process writes a line of JSON into a pipe when sampling has begun, and the watcher,
when that process is gone, another one and what the sampler wrote. Who started it has the other end.
"""

from __future__ import annotations

import json
import os
import select
import signal
import time
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from ...model import Engine, Meta, Origin, Warned
from ..clock import Stopwatch
from ..files import NO_CELLS
from ..objects import LoadedObjects
from .attach import MOST_BYTES, result_of
from .choose import Choice
from .engines import PySpy, Wanted
from .report import Cpu, report
from .stacks import Place

if TYPE_CHECKING:
    from ...model import Profile

#: How long the sampler may take to write down what it has, in seconds.
_PATIENCE = 30.0


def announce(pipe: int, place: Place, engine: Engine, wanted: Wanted) -> None:
    """Say what is sampled, in the process of the script."""
    told = {
        "module": place.module,
        "tid": place.tid,
        "engine": asdict(engine),
        "rate": wanted.rate,
        "threads": wanted.threads,
    }
    os.write(pipe, json.dumps(told).encode() + b"\n")


def profile_of(pipe: int, command: str, name: str, code: int) -> Profile | None:
    """The profile of a script that ended with an exit code and left none; None if nothing is there.

    Raises ``ValueError`` for what nobody can read.
    """
    data = _received(pipe)
    if data.count(b"\n") < 2:
        return None
    first, second, samples = data.split(b"\n", 2)
    told: dict[str, Any] = json.loads(first)
    answer: dict[str, Any] = json.loads(second)
    result = replace(result_of(answer), data=samples)
    engine = Engine(**told["engine"])
    wanted = Wanted(int(told["rate"]), bool(told["threads"]), is_script=True)
    sampler = PySpy(wanted, native=engine.name == "py-spy")
    place = Place(str(told["module"]), int(told["tid"]))
    took = {task.tid: task.last_cpu - task.first_cpu for task in result.tasks}
    cpu = Cpu(sum(took.values()), took.get(place.tid, 0))
    watch = Stopwatch(running_ns=max(result.stopped_ns - result.ready_ns, 0))
    meta = Meta(label=name, source=Origin("script", command=command))
    profile = report(
        Choice(sampler, engine.name, engine.reason),
        result,
        wanted,
        cpu,
        place,
        watch,
        meta,
        NO_CELLS,
        LoadedObjects(str(answer["maps"])),
    )
    meta.engine, meta.status = engine, "error"
    text = f"The script {how_ended(code)}: this is what was sampled until then."
    meta.warnings.insert(0, Warned("script-died", text))
    return profile


def how_ended(code: int) -> str:
    """``was killed by SIGSEGV``, ``ended with exit code 3``."""
    if code >= 0:
        return f"ended with exit code {code}"
    try:
        return f"was killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"was killed by signal {-code}"


def _received(pipe: int) -> bytes:
    """All that is in a pipe until it ends, or until what the watcher announced is there."""
    data, limit = b"", time.monotonic() + _PATIENCE
    while len(data) < MOST_BYTES and (left := limit - time.monotonic()) > 0:
        if not select.select([pipe], [], [], left)[0]:
            break
        part = os.read(pipe, 1 << 20)
        data += part
        if not part or _is_whole(data):
            break
    return data


def _is_whole(data: bytes) -> bool:
    if data.count(b"\n", 0, 1 << 24) < 2:
        return False
    _, second, samples = data.split(b"\n", 2)
    return len(samples) >= int(json.loads(second)["length"])
