"""``%%native`` in a real kernel: a module of known shares of time, sampled from outside by py-spy.

Samples are chance, and the machine may be busy: bounds are four standard deviations of a share
wide, and no time is asserted.
"""

from __future__ import annotations

import math
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from builds import mill
from kernels import Kernel, running_kernel
from profiles import by_function, check, lines_of, own_by_function, stacks, warnings
from test_cell_endings import ENDINGS, state

from jupyterlab_profiler.model import Profile

pytestmark = pytest.mark.needs_ptrace

#: Two thirds of the work are in grind, one third in sift, and half of that is asked for through a
#: call of Python from C++.
WORK = """%%native --rate 50
def miller(seconds):
    return mill.sift(seconds)

def main():
    for turn in range(10):
        mill.grind(0.1)
        mill.sift(0.025)
        mill.ask(miller, 0.025)

main()
"""


@pytest.fixture(scope="module")
def miller(kernel: Kernel) -> Kernel:
    imported = kernel.run(f"import sys\nsys.path.insert(0, {str(mill().parent)!r})\nimport mill")
    assert imported.status == "ok", imported.traceback
    return kernel


@pytest.fixture(scope="module")
def work(miller: Kernel) -> Profile:
    outcome = miller.run(WORK)
    assert outcome.status == "ok", outcome.traceback
    return outcome.profile


@pytest.fixture(autouse=True)
def nothing_runs_on() -> Iterator[None]:
    yield
    limit = time.monotonic() + 10
    while (left := helpers()) and time.monotonic() < limit:
        time.sleep(0.05)
    assert left == []


def helpers() -> list[str]:
    """Samplers, and what looks after them, of any process of this machine that is ours."""
    found = []
    for process in psutil.process_iter(["cmdline", "uids"]):
        words = process.info["cmdline"] or []
        text = " ".join(words)
        if ("watcher.py" in text or "py-spy record" in text) and str(Path.cwd()) in text:
            found.append(text[:200])
    return found


def within(count: int, whole: int, share: float) -> bool:
    return abs(count / whole - share) <= 4 * math.sqrt(share * (1 - share) / whole) + 0.02


def test_time_is_in_the_compiled_functions_that_took_it(work: Profile) -> None:
    assert work.meta.engine.name == "py-spy"
    assert work.meta.engine.reason.endswith("the default")
    own = by_function(work, "total.samples")
    grind, sift = own["mill::grind"], own["mill::sift"]
    assert grind + sift >= 40
    assert within(grind, grind + sift, 2 / 3)


def test_one_stack_leads_from_the_cells_line_to_the_line_of_cpp(work: Profile) -> None:
    mixed = whole = 0
    for stack, samples in stacks(work):
        names = [
            work.functions[function].qualified or work.functions[function].name
            for function in stack
        ]
        if any(name.startswith("mill::") for name in names):
            whole += samples
            mixed += samples if names[0] == "<module>" and "main" in names else 0
    assert whole >= 40
    assert mixed >= 0.99 * whole
    first = {work.functions[stack[0]].name for stack, samples in stacks(work) if samples}
    assert first == {"<module>"}  # nothing of what called the cell
    cell, cpp = lines_of(work, "Cell"), lines_of(work, "mill.cpp")
    assert sum(cell["self.samples"].values()) == 0 or sum(cell["total.samples"].values()) > 0
    assert {7, 11} <= set(cell["total.samples"])  # mill.grind(0.1), main()
    assert cell["total.samples"][11] == sum(samples for _, samples in stacks(work))
    assert sum(cpp["self.samples"].values()) > 0


def test_inlined_functions_are_frames_and_cpp_has_its_text(work: Profile) -> None:
    names = {function.qualified for function in work.functions}
    assert "mill::turn" in names
    turn = next(function for function in work.functions if function.qualified == "mill::turn")
    assert (turn.name, turn.kind) == ("turn", "native")
    assert turn.object is not None and turn.file is not None
    assert work.objects[turn.object].path == str(mill())
    assert len(work.objects[turn.object].build_id) >= 16
    text = "".join(source.text for source in work.sources if source.file == turn.file)
    assert "std::sqrt(x * x + stones)" in text


def test_a_call_from_cpp_back_into_python_is_in_one_stack(work: Profile) -> None:
    found = 0
    for stack, samples in stacks(work):
        names = [
            work.functions[function].qualified or work.functions[function].name
            for function in stack
        ]
        if "mill::ask" in names and "mill::sift" in names:
            assert names.index("mill::ask") < names.index("miller") < names.index("mill::sift")
            found += samples
    assert within(found, sum(by_function(work, "self.samples").values()), 1 / 6)


def test_python_functions_have_their_first_line_and_cells_their_text(work: Profile) -> None:
    main = next(function for function in work.functions if function.name == "main")
    assert (main.line, main.kind) == (5, "python")
    assert main.file is not None and work.files[main.file].origin == "cell"
    (text,) = [source.text for source in work.sources if source.file == main.file]
    assert text == WORK


def test_numbers_say_what_they_are(work: Profile) -> None:
    metrics = {metric.id: metric for metric in work.metrics}
    assert metrics["samples"].exact and not metrics["time"].exact
    coverage = check(work, "coverage")
    assert coverage.value is not None and coverage.expected is not None
    # py-spy cannot read every stack in which C++ calls Python: what is missing is told.
    assert 0.6e9 < coverage.value <= coverage.expected
    assert coverage.expected >= 1.5e9  # what grind and sift took
    assert coverage.ok is (coverage.value >= 0.9 * coverage.expected)
    assert check(work, "rate").expected == 50
    assert "estimate" in check(work, "slowdown").text


def test_work_without_calls_of_python_is_covered(miller: Kernel) -> None:
    profile = miller.run("%%native\nmill.grind(2)").profile
    coverage = check(profile, "coverage")
    # Some stacks of a round can be in nobody's reach: then that is said.
    assert coverage.ok is True or "unread-stacks" in warnings(profile), coverage.text
    assert coverage.value is not None and coverage.value >= 1.2e9


def test_a_thread_of_cpp_is_not_seen_and_told(miller: Kernel) -> None:
    profile = miller.run("%%native\nfor turn in range(3):\n    mill.beside(0.4)").profile
    told = warnings(profile)["unseen-threads"]
    assert "that Python does not know" in told
    coverage = check(profile, "coverage")
    assert coverage.ok is False
    assert coverage.value is not None and coverage.expected is not None
    assert coverage.expected - coverage.value > 1.0e9  # 1.2 s are beside


def test_threads_of_python_are_roots_and_waiting_is_no_work(miller: Kernel) -> None:
    body = """
import threading, time
def beside():
    for turn in range(20): mill.sift(0.05)
def idle():
    gone.wait()
gone = threading.Event()
threads = [threading.Thread(target=beside, name="worker"), threading.Thread(target=idle, name="idler")]
for thread in threads: thread.start()
threads[0].join()
gone.set()
threads[1].join()
"""
    profile = miller.run(f"%%native --threads{body}").profile
    names = [thread.name for thread in profile.threads]
    assert "worker" in names and "idler" not in names
    assert by_function(profile, "total.samples", names.index("worker"))["mill::sift"] > 5
    assert (check(profile, "waiting").value or 0) > 5
    without = miller.run(f"%%native{body}").profile
    assert [thread.name for thread in without.threads] == ["MainThread"]
    assert "--threads shows them" in warnings(without)["threads"]


def test_awaiting_is_a_row_and_work_behind_it_is_seen(miller: Kernel) -> None:
    profile = miller.run(
        "%%native\nimport asyncio\nasync def job():\n    await asyncio.sleep(0.01)\n"
        "    mill.grind(0.5)\nmill.sift(0.3)\nawait asyncio.sleep(0.3)\n"
        "task = asyncio.create_task(job())\nawait task\nmill.sift(0.3)"
    ).profile
    own = own_by_function(profile, "time")
    assert own["awaiting"] >= 0.3e9
    found = by_function(profile, "total.samples")
    assert found["mill::sift"] > 0
    tasks = [thread.kind for thread in profile.threads].index("task")
    assert by_function(profile, "total.samples", tasks)["mill::grind"] > 0


def test_a_cell_that_waits_is_shown_waiting(miller: Kernel) -> None:
    profile = miller.run("%%native\nimport time\ntime.sleep(1)").profile
    own = own_by_function(profile, "samples")
    assert sum(own.values()) >= 10
    assert check(profile, "coverage").ok is None  # next to no CPU was taken


@pytest.mark.parametrize("strip", ["-g", "-s"])
def test_a_stripped_module_keeps_its_time(kernel: Kernel, strip: str) -> None:
    name = f"mill_{strip[1:]}"
    kernel.run(f"sys.path.insert(0, {str(mill(name, strip).parent)!r})\nimport {name}")
    outcome = kernel.run(f"%%native --rate 50\n{name}.grind(1.5)")
    profile = outcome.profile
    objects = [
        profile.objects[function.object].path if function.object is not None else ""
        for function in profile.functions
    ]
    own = [0] * len(profile.functions)
    for stack, samples in stacks(profile):
        own[stack[-1]] += samples
    inside = [at for at, path in enumerate(objects) if name in path and own[at]]
    assert sum(own[at] for at in inside) >= 0.8 * sum(own)
    assert all(profile.functions[at].file is None for at in inside)  # no lines without -g
    if strip == "-s":
        assert all(profile.functions[at].name.startswith("@{mill_s.") for at in inside)
        assert "mill_s" in warnings(profile)["no-symbols"]
        assert any(profile.paths["address"])
    else:
        assert any(profile.functions[at].name == "grind" for at in inside)


@pytest.mark.parametrize(("body", "interrupt_at", "status"), ENDINGS.values(), ids=ENDINGS.keys())
def test_an_ending_is_shown_and_leaves_nothing_behind(
    kernel: Kernel, body: str, interrupt_at: str | None, status: str
) -> None:
    kernel.run("1")
    before = state(kernel)
    plain = kernel.run(f"# plain\n{body}", interrupt_at=interrupt_at)
    profiled = kernel.run(f"%%native\n{body}", interrupt_at=interrupt_at)
    assert (profiled.status, profiled.ename) == (plain.status, plain.ename)
    assert profiled.profile.meta.status == status
    assert profiled.profile.meta.engine.name == "py-spy"
    assert "jupyterlab_profiler" not in profiled.traceback
    assert state(kernel) == before
    assert kernel.value("__import__('psutil').Process().children()") == []


def test_the_sampler_is_no_child_that_a_cell_could_wait_for(kernel: Kernel) -> None:
    outcome = kernel.run("%%native\nimport os\nos.wait()")
    assert outcome.ename == "ChildProcessError"


def test_a_timeout_ends_the_sampler_and_not_the_cell(miller: Kernel) -> None:
    outcome = miller.run(
        "%%native --timeout 0.5\nmill.grind(0.3)\nimport time\ntime.sleep(2)\n'done'"
    )
    assert outcome.result == "'done'"
    profile = outcome.profile
    assert "--timeout" in warnings(profile)["timeout"]
    assert sum(own_by_function(profile, "samples").values()) > 0


@pytest.mark.parametrize("how", ["--timeout 1", "SIGINT"])
def test_only_what_was_sampled_has_time(miller: Kernel, how: str) -> None:
    options, ended = (how, "") if how != "SIGINT" else ("", INTERRUPT_SAMPLER)
    outcome = miller.run(
        f"%%native {options}\nimport time\nbegun = time.monotonic()\n"
        f"while time.monotonic() < begun + 1.2: mill.grind(0.1)\n{ended}\n"
        "later = time.process_time()\nmill.sift(1)\nprint(time.process_time() - later)"
    )
    later = float(outcome.stream()) * 1e9
    profile = outcome.profile
    own = own_by_function(profile, "time")
    metrics = {name: sum(own_by_function(profile, name).values()) for name in ("time", "samples")}
    rate = check(profile, "rate")
    assert rate.value is not None
    # What lies between two samples is that of the time in which there were samples.
    assert metrics["time"] <= metrics["samples"] * 1e9 / rate.value * 1.001
    assert own["mill::sift"] == 0
    coverage = check(profile, "coverage")
    assert coverage.value is not None and coverage.expected is not None
    assert coverage.ok is False
    assert coverage.value <= coverage.expected - later
    assert "came after the sampler had ended" in coverage.text


INTERRUPT_SAMPLER = """
import os, psutil, signal
for process in psutil.process_iter(['cmdline']):
    if 'record' in (words := process.info['cmdline'] or []) and str(os.getpid()) in words:
        process.send_signal(signal.SIGINT)
        process.wait()
"""


KILL = """
import os, signal, psutil
own = str(os.getpid())
for process in psutil.process_iter(['cmdline']):
    words = process.info['cmdline'] or []
    if {which!r} in ' '.join(words) and own in ' '.join(words):
        process.kill()
"""


def test_a_killed_watcher_loses_the_samples_and_nothing_else(miller: Kernel) -> None:
    outcome = miller.run(f"%%native\n{KILL.format(which='watcher.py')}\nmill.grind(0.3)\n'done'")
    assert (outcome.result, outcome.traceback) == ("'done'", "")
    assert "is lost" in warnings(outcome.profile)["sampler-lost"]


def test_a_killed_sampler_is_told(miller: Kernel) -> None:
    outcome = miller.run(f"%%native\n{KILL.format(which='py-spy record')}\nmill.grind(0.3)\n'done'")
    assert (outcome.result, outcome.traceback) == ("'done'", "")
    assert "killed by signal 9" in warnings(outcome.profile)["sampler-ended"]


def test_a_cell_within_a_cell_is_measured_otherwise(miller: Kernel) -> None:
    outcome = miller.run(
        "%%native\nmill.grind(0.3)\n"
        "get_ipython().run_cell('%%native\\nmill.sift(0.2)').success\nmill.grind(0.3)"
    )
    inner, outer = outcome.profiles
    assert "sampled already" in warnings(inner)["engine-lower"]
    assert outer.meta.engine.name == "py-spy"
    assert by_function(outer, "total.samples")["mill::grind"] > 0
    assert by_function(outer, "total.samples")["mill::sift"] > 0


def test_children_of_a_fork_leave_the_sampler_alone(miller: Kernel) -> None:
    outcome = miller.run(
        "%%native\nimport multiprocessing, os\nmill.grind(0.2)\n"
        "with multiprocessing.get_context('fork').Pool(2) as pool:\n"
        "    found = pool.map(abs, [-1, -2])\n"
        "child = os.fork()\nif not child: os._exit(7)\n"
        "mill.grind(0.3)\nfound, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])"
    )
    assert outcome.result == "([1, 2], 7)"
    assert by_function(outcome.profile, "total.samples")["mill::grind"] > 5
    assert "sampler-lost" not in warnings(outcome.profile)


def test_the_front_end_asks_for_a_cell_by_its_id(miller: Kernel) -> None:
    armed = miller.evaluate(
        "__import__('jupyterlab_profiler.remote', fromlist=['arm']).arm(['mine'], '%%native')"
    )
    assert armed["status"] == "ok", armed
    outcome = miller.run("mill.grind(0.3)\n'done'", cell_id="mine")
    assert outcome.result == "'done'"
    profile = outcome.profile
    assert (profile.meta.engine.name, profile.meta.source.cell) == ("py-spy", "mine")
    assert by_function(profile, "total.samples")["mill::grind"] > 0


def test_nothing_outlives_a_kernel_that_is_killed(tmp_path: Path) -> None:
    with running_kernel(tmp_path) as kernel:
        kernel.run("%load_ext jupyterlab_profiler\nimport os, time")
        pid = kernel.value("os.getpid()")
        kernel.send("%%native\ntime.sleep(60)")
        limit = time.monotonic() + 20
        while not any("py-spy" in text and str(pid) in text for text in helpers()):
            assert time.monotonic() < limit
            time.sleep(0.05)
        os.kill(pid, signal.SIGKILL)


def test_displaying_a_value_is_one_row(kernel: Kernel) -> None:
    outcome = kernel.run(
        "%%native --rate 50\nimport time\n"
        "class Slow:\n    def __repr__(self):\n        end = time.monotonic() + 0.6\n"
        "        while time.monotonic() < end: pass\n        return 'slow'\n"
        "Slow()"
    )
    assert outcome.result == "slow"
    samples = by_function(outcome.profile, "total.samples")
    assert samples["displaying"] > 5
    assert samples["displaying"] >= 0.9 * samples["<module>"]
    names = {function.name for function in outcome.profile.functions}
    assert "(displaying)" in names and "__repr__" not in names
    assert not any("displayhook" in file.path for file in outcome.profile.files)


def test_functions_that_are_gone_with_the_cell_have_their_line(kernel: Kernel) -> None:
    outcome = kernel.run(
        "%%native --rate 50\nimport time\nend = time.monotonic() + 0.6\n\n"
        "any(time.monotonic() > end for _ in iter(int, 1))\n"
    )
    (gone,) = [one for one in outcome.profile.functions if one.name == "<genexpr>"]
    assert gone.line == 5


def test_a_cell_that_only_waited_says_so(kernel: Kernel) -> None:
    outcome = kernel.run("%%native\nimport asyncio\nawait asyncio.sleep(0.3)")
    told = warnings(outcome.profile)["no-samples"]
    assert " ms and waited for the rest, and one is taken each " in told


#: Stops the process that it is to sample, and does nothing more.
STUCK = """#!{python}
import ctypes, os, sys, time
pid = int(sys.argv[sys.argv.index("--pid") + 1])
print("Sampling process", flush=True)
time.sleep(0.3)
ctypes.CDLL(None).ptrace(16, pid, None, None)  # PTRACE_ATTACH
os.waitpid(pid, 0x40000000)
time.sleep(600)
"""


def test_a_sampler_that_holds_the_process_is_ended(kernel: Kernel, tmp_path: Path) -> None:
    stand_in = tmp_path / "py-spy"
    stand_in.write_text(STUCK.format(python=sys.executable))
    stand_in.chmod(0o755)
    kernel.run(
        "from jupyterlab_profiler.collect.native import pyspy\nfind = pyspy.find\n"
        f"pyspy.find = lambda: ({str(stand_in)!r}, '0')"
    )
    outcome = kernel.run("%%native\nimport time\nfor _ in range(20): time.sleep(0.1)\n'done'")
    kernel.run("pyspy.find = find")
    assert outcome.result == "'done'"
    assert "sampler-stuck" in warnings(outcome.profile)
