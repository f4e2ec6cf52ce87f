"""``with profile("label") as p:`` for code that is not a cell."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from .cells import cells_of_this_kernel, running_cell, this_shell
from .collect.collector import hide
from .measure import Chosen, Functions, Lines, Measure
from .model import Origin, Profile
from .session import Muted, Session

if TYPE_CHECKING:
    from types import TracebackType


class profile:  # noqa: N801
    """Profile a block of code in this thread.

    The Profile is empty until the block has ended, and filled also when the block ends by an error,
    which is raised. Time of the block's own code is the row *(block)*: the function that the block
    stands in is not seen to be called.

    >>> from jupyterlab_profiler import profile
    >>> with profile("sorting") as p:
    ...     data = sorted(range(1000), key=lambda n: -n)
    >>> p.meta.label
    'sorting'

    ``lines`` measures lines instead, of a function, a method, a class, a module, or a list of
    these: hits and times of them are in ``p.line_stats()``.

    >>> def total(numbers):
    ...     return sum(numbers)
    >>> with profile(lines=[total]) as p:
    ...     data = total(range(1000))
    >>> [[hits for _, hits, _ in lines] for lines in p.line_stats().timings.values()]
    [[1]]

    ``engine`` is recorder, cprofile or python; of lines, recorder or line_profiler. None takes the
    best there is, and ``p.meta.engine`` says which and why. ``threads`` records threads that the
    block starts as well; lines are measured in all threads, each apart.

    Raises :class:`~jupyterlab_profiler.collect.collector.Unavailable` on entry when no engine can
    measure now, for instance because another profiler holds this thread (Python 3.11), and
    ``ValueError`` when ``lines`` holds what has no lines of Python.
    """

    def __init__(
        self,
        label: str = "",
        *,
        lines: object = None,
        engine: str | None = None,
        threads: bool = False,
    ) -> None:
        self._label = label
        self._lines = lines
        self._engine = engine
        self._threads = threads
        self._profile: Profile | None = None
        self._session: Session | None = None

    def __enter__(self) -> Profile:
        if self._session is not None:
            raise RuntimeError("this profile() is running already; make a new one for every block")
        with Muted():
            self._session = session = Session(
                self._label,
                Origin("code", running_cell(this_shell())),
                self._measure(),
            )
            result = self._profile = Profile()
        session.resume()
        return result

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        session, self._session = self._session, None
        if session is None or self._profile is None:
            raise RuntimeError("this profile() was not entered")
        session.pause()
        if error is not None:
            session.ended(error)
        with Muted():
            finished = session.finish(cells=cells_of_this_kernel(), rest="block")
            for part in fields(Profile):
                setattr(self._profile, part.name, getattr(finished, part.name))

    def _measure(self) -> Measure:
        if self._lines is None:
            return Functions(engine=self._engine, threads=self._threads)
        targets = self._lines if isinstance(self._lines, list | tuple | set) else [self._lines]
        return Lines(Chosen(tuple(targets)), engine=self._engine)


hide(profile.__init__, profile.__enter__, profile.__exit__)
