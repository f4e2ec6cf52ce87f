"""What is said of a profile's completeness, from results of samplers that are made up."""

from __future__ import annotations

import signal
import threading
from dataclasses import replace

import pytest
from profiles import check, warnings

from jupyterlab_profiler.collect.clock import Stopwatch
from jupyterlab_profiler.collect.files import NO_CELLS
from jupyterlab_profiler.collect.native.attach import Result, Task
from jupyterlab_profiler.collect.native.choose import Choice
from jupyterlab_profiler.collect.native.engines import PySpy, Wanted
from jupyterlab_profiler.collect.native.report import Cpu, report
from jupyterlab_profiler.collect.native.stacks import Place
from jupyterlab_profiler.model import Meta, Profile

SECOND = 10**9
OWN = 2**30  # no thread of this process
CELL = f"thread ({OWN}): M;<module> (/c.py:1);f (/opt/f.so) {{}}\n"
SUMMARY = "py-spy> Wrote raw flamegraph data to 'x'. Samples: 100 Errors: {}\n"
#: Four seconds at 25 a second.
GOOD = Result(
    "stop",
    CELL.format(100).encode(),
    ready_ns=0,
    stopped_ns=4 * SECOND,
    sampler_cpu_ns=SECOND // 10,
    messages=SUMMARY.format(0),
    tasks=[Task(OWN, "python", 0, 4 * SECOND)],
)
BUSY = Cpu(4 * SECOND, 4 * SECOND)


def told(result: Result = GOOD, cpu: Cpu = BUSY, wanted: Wanted | None = None) -> Profile:
    wanted = wanted or Wanted()
    choice = Choice(PySpy(wanted, native=True), "py-spy", "the default")
    watch = Stopwatch(running_ns=4 * SECOND)
    return report(choice, result, wanted, cpu, Place("/c.py", OWN), watch, Meta(), NO_CELLS)


def test_a_whole_profile_has_no_warning() -> None:
    profile = told()
    assert profile.meta.warnings == []
    coverage = check(profile, "coverage")
    assert (coverage.ok, coverage.value, coverage.expected) == (True, 4 * SECOND, 4 * SECOND)
    assert (check(profile, "rate").ok, check(profile, "rate").value) == (True, 25)
    assert sum(profile.paths.ints("self.time")) == 4 * SECOND
    assert "about 2% of the time, an estimate" in check(profile, "slowdown").text


def test_a_sampler_that_falls_behind_is_told_and_time_still_adds_up() -> None:
    profile = told(replace(GOOD, data=CELL.format(40).encode()))
    assert "10.0 samples each second instead of 25" in warnings(profile)["sampler-behind"]
    assert check(profile, "rate").ok is False
    assert sum(profile.paths.ints("self.time")) == 4 * SECOND


def test_what_came_after_the_sampler_is_not_sampled_and_told() -> None:
    # It was ended after one second of four, and had looked 25 times.
    early = replace(
        GOOD, why="timeout", data=CELL.format(25).encode(), stopped_ns=SECOND, cpu_ns=SECOND
    )
    cpu = Cpu(4 * SECOND, 4 * SECOND, later_ns=3 * SECOND, thread_later_ns=3 * SECOND)
    profile = told(early, cpu, Wanted(timeout=1))
    assert sum(profile.paths.ints("self.time")) == SECOND
    coverage = check(profile, "coverage")
    assert (coverage.ok, coverage.value, coverage.expected) == (False, SECOND, 4 * SECOND)
    assert "3.00 s of it came after the sampler had ended and are not sampled" in coverage.text
    assert set(warnings(profile)) == {"timeout"}
    assert check(profile, "rate").value == 25


def test_threads_that_are_only_stopped_and_woken_are_no_work() -> None:
    waiting = threading.get_native_id()
    line = f"thread ({waiting}): idle;epoll_wait (/lib/libc.so.6) 100\n".encode()
    pool = [Task(OWN + number, "pool", 1, 10_000_001) for number in (1, 2)]
    tasks = [*GOOD.tasks, Task(waiting, "python", 0, 10_000_000), *pool]
    result = replace(GOOD, tasks=tasks, data=GOOD.data + line)
    # 100 looks cost each of the three 10 ms: nobody has worked.
    profile = told(result, Cpu(110_000_000, 80_000_000))
    assert warnings(profile) == {}
    coverage = check(profile, "coverage")
    assert (coverage.value, coverage.expected) == (80_000_000, 80_000_000)
    assert "without 0.03 s that it cost threads that waited" in coverage.text
    tasks.append(Task(OWN + 3, "worker", 0, SECOND))
    text = warnings(told(replace(result, tasks=tasks), Cpu(5 * SECOND, 4 * SECOND)))[
        "unseen-threads"
    ]
    assert "ran 0.97 s of CPU in a thread that Python does not know. py-spy" in text


def test_the_end_of_a_thread_of_python_is_no_compiled_code() -> None:
    # It was last looked at 0.2 s before it ended.
    tasks = [*GOOD.tasks, Task(OWN + 1, "python", 0, SECOND // 2)]
    line = f"thread ({OWN + 1}): other;g (/g.py:1) 20\n".encode()
    result = replace(GOOD, tasks=tasks, data=GOOD.data + line)
    profile = told(result, Cpu(4 * SECOND + 7 * SECOND // 10, 4 * SECOND), Wanted(threads=True))
    assert "unseen-threads" not in warnings(profile)


def test_what_is_told_of_a_pool_that_was_there_before() -> None:
    tasks = [*GOOD.tasks, Task(OWN + 1, "pool", 1, SECOND + 1)]
    profile = told(replace(GOOD, tasks=tasks), Cpu(5 * SECOND, 4 * SECOND))
    text = warnings(profile)["unseen-threads"]
    assert "1.00 s of CPU in a thread that Python does not know, and which was there before" in text
    assert "(%native --engine perf SCRIPT)" in text
    script = told(replace(GOOD, tasks=tasks), Cpu(5 * SECOND, 4 * SECOND), Wanted(is_script=True))
    assert "sees them (--engine perf)" in warnings(script)["unseen-threads"]


def test_work_of_this_thread_between_pieces_is_no_other_threads() -> None:
    # Of five seconds of this thread one was the event loop's, while the code waited.
    tasks = [Task(OWN, "python", 0, 5 * SECOND)]
    profile = told(replace(GOOD, tasks=tasks), Cpu(5 * SECOND, 4 * SECOND))
    assert "unseen-threads" not in warnings(profile)


def test_chance_is_no_lag() -> None:
    assert warnings(told(replace(GOOD, data=CELL.format(75).encode()))) == {}


def test_stacks_that_could_not_be_read_are_missing_and_told() -> None:
    profile = told(replace(GOOD, data=CELL.format(60).encode(), messages=SUMMARY.format(40)))
    assert "40 of 100 stacks could not be read" in warnings(profile)["unread-stacks"]
    assert (check(profile, "coverage").ok, check(profile, "coverage").value) == (
        False,
        2.4 * SECOND,
    )


def test_threads_of_compiled_code_are_what_nobody_accounts_for() -> None:
    tasks = [*GOOD.tasks, Task(OWN + 1, "worker", 0, 3 * SECOND)]
    profile = told(replace(GOOD, tasks=tasks), Cpu(8 * SECOND, 4 * SECOND))
    # Four seconds, of which a thread that still ran had three.
    assert "ran 4.00 s of CPU in a thread" in warnings(profile)["unseen-threads"]
    assert check(profile, "coverage").ok is False


def test_threads_of_python_are_told_apart_from_those() -> None:
    tid = threading.get_native_id()
    tasks = [*GOOD.tasks, Task(tid, "python", SECOND, 3 * SECOND)]
    line = f"thread ({tid}): other;g (/g.py:1) 50\n".encode()
    result = replace(GOOD, tasks=tasks, data=GOOD.data + line)
    found = warnings(told(result, Cpu(6 * SECOND, 4 * SECOND)))
    assert "took 2.00 s of CPU" in found["threads"] and "unseen-threads" not in found
    shown = told(result, Cpu(6 * SECOND, 4 * SECOND), Wanted(threads=True))
    assert shown.meta.warnings == []
    assert check(shown, "coverage").value == 6 * SECOND
    assert [thread.name for thread in shown.threads][1:] == ["other"]


@pytest.mark.parametrize(
    ("result", "code", "words"),
    [
        (replace(GOOD, why="timeout"), "timeout", "ended after 3 s, as --timeout says"),
        (Result("lost", stopped_ns=SECOND), "sampler-lost", "what was sampled is lost"),
        (replace(GOOD, why="ended", status=-9), "sampler-ended", "killed by signal 9"),
        (
            replace(GOOD, status=-signal.SIGXFSZ),
            "sampler-ended",
            "a limit on the size of files (ulimit -f) was reached",
        ),
        (
            replace(GOOD, status=1, messages="x\nError: No space left on device (os error 28)\n"),
            "sampler-ended",
            "failed as it wrote its file: Error: No space left on device",
        ),
        (replace(GOOD, data=GOOD.data + b"thread (1): cut;f (/op"), "damaged", "1 lines"),
        (replace(GOOD, data=b"x" * (2**24 + 1)), "damaged", "cannot be read"),
        (replace(GOOD, data=b""), "no-samples", "A higher --rate sees shorter code"),
    ],
)
def test_each_bad_end_is_a_sentence(result: Result, code: str, words: str) -> None:
    profile = told(result, wanted=Wanted(timeout=3))
    assert words in warnings(profile)[code]
    assert check(profile, "coverage").unit == "ns"


def test_little_cpu_has_no_verdict() -> None:
    assert check(told(cpu=Cpu(SECOND // 10, SECOND // 10)), "coverage").ok is None
