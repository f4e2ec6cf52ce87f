"""What a sampler has seen, as a Profile that says how complete it is."""

from __future__ import annotations

import math
import signal
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...model import Check, Warned
from . import pyspy
from .build import Sampled, Sampling, build
from .stacks import RawStacks, cut

if TYPE_CHECKING:
    from ...model import Meta, Profile
    from ..clock import Stopwatch
    from ..files import Cells
    from ..objects import LoadedObjects
    from .attach import Result
    from .choose import Choice
    from .engines import Wanted
    from .stacks import Place

#: From this share of the CPU on, samples cover what the process did; below so much CPU, in
#: nanoseconds, there is no verdict.
COVERED = 0.9
_LITTLE_CPU_NS = 200_000_000
#: CPU of others that deserves a sentence: a share of all, and nanoseconds.
_MUCH = 0.02
_MUCH_NS = 20_000_000
#: How long a thread may run on before it ends unseen: between two looks of the watcher.
_UNSEEN_NS = 200_000_000
#: What it costs a thread at most to be stopped and woken once, in nanoseconds.
_MOST_WAKING_NS = 100_000
#: Below this share of the rate that was asked for, a sampler has fallen behind.
_BEHIND = 0.8
#: From this share of nameless samples, or of stacks that could not be read, on it is told.
_NAMELESS = 0.05
_UNREAD = 0.02


@dataclass(frozen=True)
class Cpu:
    """Nanoseconds of CPU while the code ran: of the whole process, and of its own thread.

    ``later`` is what was taken after the sampler had ended: that part is in no sample.
    """

    process_ns: int
    thread_ns: int
    later_ns: int = 0
    thread_later_ns: int = 0

    @property
    def sampled(self) -> Cpu:
        """What was taken while the sampler sampled."""
        return Cpu(
            max(self.process_ns - self.later_ns, 0), max(self.thread_ns - self.thread_later_ns, 0)
        )


def report(
    choice: Choice,
    result: Result,
    wanted: Wanted,
    cpu: Cpu,
    place: Place,
    watch: Stopwatch,
    meta: Meta,
    cells: Cells,
    objects: LoadedObjects | None = None,
) -> Profile:
    """Build the profile, and add what is to be known of it. ``objects``: of another process."""
    assert choice.sampler is not None  # noqa: S101 - who calls knows
    warnings = list(choice.warnings)
    raw = RawStacks()
    try:
        raw = choice.sampler.stacks(result)
    except ValueError as error:
        warnings.append(Warned("damaged", f"What the sampler wrote cannot be read: {error}."))
    span_ns = max(result.stopped_ns - result.ready_ns, 0)
    unread = pyspy.errors_of(result.messages)
    rounds = raw.rounds(place.tid) + unread
    period_ns = span_ns / rounds if rounds else 1e9 / (wanted.rate or 1)
    if choice.sampler.counts_cpu:
        period_ns = choice.sampler.period_ns
    warnings += _endings(result, raw, wanted)
    # Where CPU is sampled, all that the thread did meanwhile was the code's.
    stacks = cut(raw, place, whole=choice.sampler.counts_cpu)
    sampling = Sampling(
        choice.sampler.engine(choice.reason),
        period_ns,
        wanted.threads or choice.sees_all_threads,
        warnings,
    )
    sampled = build(raw, stacks, sampling, watch, meta, cells, objects, codes=place.codes)
    running_ns = watch.running_ns
    if cpu.later_ns:
        # Of a part, samples alone tell when the code did not run.
        running_ns = min(running_ns, round((rounds - stacks.outside) * period_ns))
    story = _Story(
        choice, result, wanted, cpu, place, watch, sampled, rounds, unread, period_ns, running_ns
    )
    meta.warnings += story.warnings()
    sampled.profile.checks = story.checks()
    return sampled.profile


def coverage(
    covered_ns: float,
    process_ns: int,
    what: str = "Samples",
    later_ns: int = 0,
    woken_ns: int = 0,
) -> Check:
    """How much of the process's CPU a profile is about.

    ``later_ns`` of it came after the last sample; ``woken_ns``, which is none of it, is what it
    cost threads that waited to be stopped and woken.
    """
    covered = min(covered_ns, process_ns - later_ns)
    share = covered / process_ns if process_ns else 1.0
    text = (
        f"{what} cover {covered / 1e9:.2f} s of the {process_ns / 1e9:.2f} s of CPU that the "
        f"process took ({share:.0%})"
    )
    if woken_ns > max(process_ns * _MUCH, _MUCH_NS):
        text += (
            f", without {woken_ns / 1e9:.2f} s that it cost threads that waited to be stopped and "
            "woken by the sampler"
        )
    if later_ns:
        text += (
            f"; {later_ns / 1e9:.2f} s of it came after the sampler had ended and are not sampled"
        )
    is_whole = share >= COVERED and later_ns <= max(process_ns * _MUCH, _MUCH_NS)
    return Check(
        "coverage",
        f"{text}.",
        ok=is_whole if process_ns >= _LITTLE_CPU_NS else None,
        value=round(covered),
        expected=process_ns,
        tolerance=round(process_ns * (1 - COVERED)),
        unit="ns",
    )


def _endings(result: Result, raw: RawStacks, wanted: Wanted) -> list[Warned]:
    """How the sampler ended, where that was not as it should."""
    found = []
    if result.why == "timeout":
        found.append(
            Warned(
                "timeout",
                f"The sampler was ended after {wanted.timeout:g} s, as --timeout says; what the "
                "code did later is not in the profile.",
            )
        )
    elif result.why == "lost":
        found.append(
            Warned(
                "sampler-lost",
                "The program that looked after the sampler has ended before the code did (it was "
                "killed, or memory ran out): what was sampled is lost.",
            )
        )
    elif result.why == "stuck":
        found.append(
            Warned(
                "sampler-stuck",
                "The sampler kept the process standing still and did nothing more, so it was "
                "ended: what it had sampled is lost.",
            )
        )
    elif result.why == "ended" or result.status not in (0, -signal.SIGINT):
        found.append(Warned("sampler-ended", f"The sampler {_how(result)}."))
    if raw.damaged:
        found.append(
            Warned(
                "damaged",
                f"{raw.damaged} lines that the sampler wrote cannot be read; their samples are "
                "not in the profile.",
            )
        )
    return found


def _how(result: Result) -> str:
    when = "ended before the code did" if result.why == "ended" else "failed as it wrote its file"
    said = [line.strip() for line in result.messages.splitlines() if line.strip()]
    errors = [line for line in said if "rror" in line and "Errors: " not in line]
    if result.status == -signal.SIGXFSZ:
        reason = "a limit on the size of files (ulimit -f) was reached"
    elif result.status < 0:
        reason = f"it was killed by signal {-result.status}"
    else:
        reason = errors[0][:300] if errors else f"exit code {result.status}"
    return f"{when}: {reason}"


@dataclass
class _Story:
    """Sentences on how complete a profile is."""

    choice: Choice
    result: Result
    wanted: Wanted
    cpu: Cpu
    place: Place
    watch: Stopwatch
    sampled: Sampled
    rounds: int
    unread: int
    period_ns: float
    #: How long the code ran while the sampler sampled.
    running_ns: int

    def checks(self) -> list[Check]:
        found = [self._coverage(), self._rate(), self._slowdown()]
        if self.sampled.waiting:
            found.append(
                Check(
                    "waiting",
                    f"In {self.sampled.waiting:,} samples, other threads waited (for a lock, a "
                    "socket, time to pass): they are not counted as work.",
                    value=self.sampled.waiting,
                    unit="samples",
                )
            )
        return [check for check in found if check is not None]

    def warnings(self) -> list[Warned]:
        found = [*self._unseen(), *self._behind(), *self._nameless(), *self._unread()]
        if not self.sampled.own and self.result.why not in ("lost",):
            found.append(
                Warned(
                    "no-samples",
                    f"No sample was taken of the code: it ran for {self._ran_ns / 1e6:,.1f} ms"
                    + (" and waited for the rest" if self.watch.awaiting_ns else "")
                    + f", and one is taken each {self.period_ns / 1e6:,.0f} ms. A higher --rate "
                    "sees shorter code.",
                )
            )
        return found

    @property
    def _ran_ns(self) -> int:
        return max(self.watch.wall_ns - self.watch.awaiting_ns, 0)

    def _coverage(self) -> Check:
        """CPU that samples cover: of this thread by the share of time in which it was seen."""
        seen = min(self.sampled.own * self.period_ns / max(self.running_ns, 1), 1.0)
        covered = self.cpu.sampled.thread_ns * seen
        if self.wanted.threads:
            tasks = self._python_tasks()
            for tid, count in self.sampled.working.items():
                covered += min(tasks.get(tid, 0), count * self.period_ns)
        if self._counts_cpu():
            covered = (self.sampled.own + sum(self.sampled.working.values())) * self.period_ns
        woken_ns = min(sum(self._woken().values()), self.cpu.sampled.process_ns)
        process_ns = self.cpu.process_ns - woken_ns
        later_ns = min(self.cpu.later_ns, process_ns)
        return coverage(covered, process_ns, later_ns=later_ns, woken_ns=woken_ns)

    def _counts_cpu(self) -> bool:
        return self.choice.sampler is not None and self.choice.sampler.counts_cpu

    def _rate(self) -> Check | None:
        span_ns = self.result.stopped_ns - self.result.ready_ns
        if span_ns <= 0 or not self.rounds or self._counts_cpu():
            return None
        real = self.rounds * 1e9 / span_ns
        return Check(
            "rate",
            f"{real:.1f} samples were taken each second, {self.wanted.rate} were asked for.",
            ok=not self._is_behind(),
            value=round(real, 3),
            expected=self.wanted.rate,
            unit="1/s",
        )

    def _slowdown(self) -> Check | None:
        span_ns = self.result.stopped_ns - self.result.ready_ns
        if self.result.sampler_cpu_ns < 0 or span_ns <= 0:
            return None
        share = min(self.result.sampler_cpu_ns / span_ns, 1.0)
        stands = "the process stands still" if self.choice.sampler_stops else "the process runs on"
        return Check(
            "slowdown",
            f"The sampler took {self.result.sampler_cpu_ns / 1e9:.2f} s of CPU. While it looks, "
            f"{stands}: about {share:.0%} of the time, an estimate.",
            value=self.result.sampler_cpu_ns,
            unit="ns",
        )

    def _is_behind(self) -> bool:
        if self._counts_cpu():
            return False
        span = (self.result.stopped_ns - self.result.ready_ns) / 1e9
        wanted = self.wanted.rate * span
        # Samples are taken at random times: three standard deviations are no lag.
        return self.rounds < min(wanted * _BEHIND, wanted - 3 * math.sqrt(wanted))

    def _behind(self) -> list[Warned]:
        if not self._is_behind() and not pyspy.fell_behind(self.result.messages):
            return []
        span = (self.result.stopped_ns - self.result.ready_ns) / 1e9
        return [
            Warned(
                "sampler-behind",
                f"The sampler fell behind: it took {self.rounds / max(span, 1e-9):.1f} samples "
                f"each second instead of {self.wanted.rate}. Shares hold; a lower --rate costs "
                "less.",
            )
        ]

    def _unread(self) -> list[Warned]:
        if self.unread <= self.rounds * _UNREAD:
            return []
        return [
            Warned(
                "unread-stacks",
                f"{self.unread} of {self.rounds} stacks could not be read, as the process changed "
                "them meanwhile or their unwinding failed. They are not in the profile.",
            )
        ]

    def _nameless(self) -> list[Warned]:
        nameless = {
            path: count
            for path, count in self.sampled.nameless.items()
            if count > self.sampled.own * _NAMELESS
        }
        if not nameless:
            return []
        told = ", ".join(
            f"{path} ({count / self.sampled.own:.0%})"
            for path, count in sorted(nameless.items(), key=lambda item: -item[1])[:5]
        )
        return [
            Warned(
                "no-symbols",
                "Of some samples the innermost function has no name, as the object was stripped "
                f"of symbols: {told}. They are shown by object and offset.",
            )
        ]

    def _unseen(self) -> list[Warned]:
        """CPU of threads that are in no stack: those of compiled code, and of Python."""
        found = []
        python, woken = self._python_tasks(), self._woken()
        took = {
            task.tid: task.last_cpu - task.first_cpu - woken.get(task.tid, 0)
            for task in self.result.tasks
        }
        own = self.place.tid
        others = {tid: ns for tid, ns in took.items() if tid != own and tid not in python}
        python_ns = sum(took[tid] for tid in python if tid != own)
        cpu = self.cpu.sampled
        # This thread works between the pieces of code that waits, too: for whoever is next.
        own_ns = max(cpu.thread_ns, took.get(own, 0))
        # What ended between two looks at the threads is in the process's sum alone.
        native_ns = max(cpu.process_ns - own_ns - python_ns - sum(woken.values()), 0)
        gone = python.keys() - {thread.native_id for thread in threading.enumerate()} - {own}
        unsure_ns = max(cpu.process_ns * _MUCH, _MUCH_NS) + len(gone) * _UNSEEN_NS
        is_much = native_ns > unsure_ns
        if not self.choice.sees_all_threads and is_much:
            ran = sum(1 for ns in others.values() if ns > _MUCH_NS / 4)
            many = f"{ran} threads" if ran > 1 else "a thread" if ran else "threads"
            first = {task.tid: task.first_cpu for task in self.result.tasks}
            many += " that Python does not know"
            if ran and all(first[tid] for tid, ns in others.items() if ns > _MUCH_NS / 4):
                many += f", and which {'were' if ran > 1 else 'was'} there before"
                many += " (to be stopped and woken by the sampler costs them CPU, too)"
            perf = "--engine perf" if self.wanted.is_script else "%native --engine perf SCRIPT"
            found.append(
                Warned(
                    "unseen-threads",
                    f"Compiled code ran {native_ns / 1e9:.2f} s of CPU in {many}. "
                    f"{self.choice.name} does not see such threads: they are not in the profile. "
                    f"The engine perf sees them ({perf}).",
                )
            )
        if (
            not self.wanted.threads
            and not self.choice.sees_all_threads
            and python_ns > max(cpu.process_ns * _MUCH, _MUCH_NS)
        ):
            found.append(
                Warned(
                    "threads",
                    f"Other threads of Python took {python_ns / 1e9:.2f} s of CPU meanwhile; "
                    "--threads shows them.",
                )
            )
        return found

    def _woken(self) -> dict[int, int]:
        """By thread, the CPU that it took to be stopped and woken at each look of the sampler.

        Of a thread that only waited whenever it was seen, that is what it took; of one in no stack
        that was there before, it is no more than that of those.
        """
        if not self.choice.sampler_stops or not self.rounds:
            return {}
        most = self.rounds * _MOST_WAKING_NS
        python = self._python_tasks()
        woken = {
            tid: min(max(ns - self._worked(tid), 0), most)
            for tid, ns in python.items()
            if tid in self.sampled.seen and tid != self.place.tid
        }
        price = max(woken.values(), default=0)
        for task in self.result.tasks:
            if task.first_cpu and task.tid not in python and task.tid != self.place.tid:
                woken[task.tid] = min(task.last_cpu - task.first_cpu, price)
        return woken

    def _worked(self, tid: int) -> int:
        """How long another thread was seen at work, in nanoseconds."""
        return round(self.sampled.working.get(tid, 0) * self.period_ns)

    def _python_tasks(self) -> dict[int, int]:
        """CPU of threads that Python knows or the sampler has seen, by their number."""
        known = {thread.native_id for thread in threading.enumerate()} | set(self.sampled.working)
        known |= self.sampled.seen
        return {
            task.tid: task.last_cpu - task.first_cpu
            for task in self.result.tasks
            if task.tid in known
        }
