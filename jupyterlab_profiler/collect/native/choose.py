"""Which engine samples, and why: the best one that can, down a ladder.

py-spy with compiled frames; py-spy without stopping the process (Python alone); exact calls, as
``%%cprofile`` has them. Each step down says why the one above was not taken, and what would allow
it.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ...model import Warned
from ..collector import Unavailable
from .engines import PySpy, Wanted

if TYPE_CHECKING:
    from collections.abc import Callable

    from .engines import Sampler

#: What each engine shows, in words.
_SHOWS = {
    "py-spy": "Python and compiled code in one stack",
    "py-spy-nonblocking": "samples of Python code alone, without stopping the process",
    "cprofile": "exact calls of Python, without what lies below in compiled code",
    "perf": "compiled code of all threads, and Python where the trampoline is on",
}


@dataclass
class Choice:
    """A sampler that samples already, or None: then calls are to be recorded, as a last step."""

    sampler: Sampler | None
    name: str
    reason: str
    warnings: list[Warned] = field(default_factory=list)

    @property
    def sees_all_threads(self) -> bool:
        """Also those that Python knows nothing of."""
        return self.sampler is not None and self.sampler.sees_all_threads

    @property
    def sampler_stops(self) -> bool:
        """Whether the process stands still while it is looked at."""
        return self.sampler is not None and self.sampler.stops


def start(wanted: Wanted, asked: str | None = None) -> Choice:
    """Start the best sampler that can, or the one ``asked`` for.

    Raises :class:`Unavailable` where the one that was asked for cannot.
    """
    if asked == "igprof":
        raise Unavailable(
            "igprof can only run a program of its own: %%igprof runs a cell as a script, "
            "%igprof SCRIPT a script"
        )
    if asked == "cprofile":
        return Choice(None, asked, f"{_SHOWS[asked]}; asked for")
    if asked is not None:
        sampler = _MAKERS[asked](wanted)
        _refuse_elsewhere()
        sampler.start()
        return Choice(
            sampler, asked, f"{_SHOWS[asked]}; asked for", _nameless_python(asked, wanted)
        )
    whys: list[str] = []
    for name in ("py-spy", "py-spy-nonblocking"):
        sampler = _MAKERS[name](wanted)
        try:
            _refuse_elsewhere()
            sampler.start()
        except Unavailable as error:
            if not whys or str(error) != whys[-1]:
                whys.append(str(error))
            continue
        return _lower(name, whys, sampler)
    return _lower("cprofile", whys, None)


def _lower(name: str, whys: list[str], sampler: Sampler | None) -> Choice:
    if not whys:
        return Choice(sampler, name, f"{_SHOWS[name]}, the default")
    why = "; then ".join(whys)
    return Choice(
        sampler,
        name,
        f"{_SHOWS[name]}, because {why}",
        [
            Warned(
                "engine-lower",
                f"Compiled code is not seen: this shows {_SHOWS[name]}. The reason: {why}.",
            )
        ],
    )


def _nameless_python(name: str, wanted: Wanted) -> list[Warned]:
    if name != "perf":
        return []
    from .perf import has_support, support

    if has_support():
        return []
    text = (
        "Functions of Python have no names, as this kernel was not started for perf: %native "
        "--install-perf-kernel adds one that is (Python 3.12 or newer)."
    )
    if wanted.is_script and support():
        text = (
            "Functions of Python have no names, as Python was not started for perf: they have with "
            f"python {' '.join(support())} -m jupyterlab_profiler run --native --engine perf."
        )
    elif wanted.is_script:
        text = "Functions of Python have no names: perf needs Python 3.12 or newer for them."
    return [Warned("python-frames", text)]


def _refuse_elsewhere() -> None:
    if sys.platform != "linux":
        raise Unavailable(f"a running process is sampled on Linux only, not on {sys.platform}")


def _perf(wanted: Wanted) -> Sampler:
    from .perf import Perf

    return Perf(wanted)


_MAKERS: dict[str, Callable[[Wanted], Sampler]] = {
    "py-spy": lambda wanted: PySpy(wanted, native=True),
    "py-spy-nonblocking": lambda wanted: PySpy(wanted, native=False),
    "perf": _perf,
}
