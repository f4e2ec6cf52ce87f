"""Which engine measures: the best there is, or the one that is asked for; it is said which and why."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from kernels import Kernel, running_kernel
from test_kernel_truth import NEW, callers, calls

from jupyterlab_profiler import profile
from jupyterlab_profiler.collect import choose as choosing
from jupyterlab_profiler.collect.choose import ENGINES, VARIABLE, choose
from jupyterlab_profiler.collect.collector import Unavailable
from jupyterlab_profiler.model import Profile

THREADS = (
    "import threading\ndef work():\n    for i in range(5): step()\ndef step(): pass\n"
    "ts = [threading.Thread(target=work) for _ in range(3)]\n"
    "for t in ts: t.start()\nfor t in ts: t.join()"
)
TASKS = (
    "import asyncio\nasync def job(i):\n    await asyncio.sleep(0.001 * i)\n    done()\n"
    "def done(): pass\n_ = await asyncio.gather(*(job(i) for i in range(4)))"
)

every_engine = pytest.mark.parametrize("engine", ENGINES)
tree_engines = pytest.mark.parametrize("engine", ["recorder", "python"])


@pytest.fixture(autouse=True)
def nothing_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


def roots(measured: Profile, kind: str) -> list[str]:
    return [thread.name for thread in measured.threads[1:] if thread.kind == kind]


class TestChoice:
    def test_the_recorder_is_the_default(self) -> None:
        with profile() as measured:
            sorted([2, 1])
        engine = measured.meta.engine
        assert (engine.name, engine.reason) == ("recorder", "whole call paths, the default")

    def test_without_the_compiled_part_cprofile_measures_and_says_what_is_missing(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(choosing, "load", lambda: None)
        monkeypatch.setattr(choosing, "missing", lambda: "It was not made. This makes it: make it")
        with profile() as measured:
            sorted([2, 1])
        assert measured.meta.engine.name == "cprofile"
        assert measured.meta.engine.reason.endswith("It was not made. This makes it: make it")
        with pytest.raises(Unavailable, match="It was not made"):
            choose(engine="recorder")
        with pytest.raises(Unavailable, match=r"--engine python\). It was not made"):
            choose(threads=True)

    @every_engine
    def test_the_one_that_is_asked_for_measures(self, engine: str) -> None:
        with profile(engine=engine) as measured:
            sorted([2, 1])
        assert measured.meta.engine.name == engine
        assert "asked for" in measured.meta.engine.reason
        assert measured.meta.engine.clock.startswith("wall time")

    @every_engine
    def test_the_environment_asks_too(self, engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(VARIABLE, engine)
        _, reason = choose()
        assert reason.endswith(f"asked for by {VARIABLE}")

    def test_an_option_goes_before_the_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(VARIABLE, "cprofile")
        with profile(engine="python") as measured:
            sorted([2, 1])
        assert measured.meta.engine.name == "python"

    def test_an_unknown_engine_is_refused_with_those_there_are(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        engines = "engines are recorder, cprofile, python"
        with pytest.raises(Unavailable, match=rf"no engine 'fast' \(asked for\); {engines}"):
            choose(engine="fast")
        monkeypatch.setenv(VARIABLE, "slow")
        with pytest.raises(Unavailable, match=rf"no engine 'slow' \(asked for by {VARIABLE}\)"):
            choose()

    def test_cprofile_refuses_threads(self) -> None:
        with pytest.raises(Unavailable, match="sees no other threads: leave --threads out"):
            choose(engine="cprofile", threads=True)


def ended_by(code: object) -> str:
    """How a block that leaves by ``sys.exit`` is told to have ended."""
    with pytest.raises(SystemExit), profile("block") as measured:
        sys.exit(code)  # type: ignore[arg-type]  # whatever a user gives it
    assert measured.meta.status == "exit"
    return str(measured).splitlines()[0]


class TestBlock:
    @pytest.mark.parametrize("code", [None, 0, False], ids=repr)
    def test_an_exit_without_a_code_or_with_0_is_a_whole_result(self, code: object) -> None:
        assert ended_by(code).endswith("(SystemExit: 0).")

    @pytest.mark.parametrize("code", [1, "0", "", "no input", 0.0], ids=repr)
    def test_an_exit_with_what_python_ends_with_1_is_a_partial_one(self, code: object) -> None:
        assert ended_by(code).endswith("partial result, of what ran until then.")

    """What a block does is measured by every engine; only its calls have no caller."""

    @every_engine
    def test_its_own_time_and_calls_are_counted(self, engine: str) -> None:
        def inner(number: int) -> int:
            return len([number])

        with profile("block", engine=engine) as measured:
            time.sleep(0.02)
            for number in range(7):
                inner(number)
        name = "TestBlock.test_its_own_time_and_calls_are_counted.<locals>.inner"
        assert calls(measured, name) == 7
        assert callers(measured, "len") == {name: 7}
        assert [check.id for check in measured.checks if check.ok is False] == []
        assert [f.qualified for f in measured.functions if "profil" in f.qualified.lower()] == []

    @every_engine
    def test_a_block_in_a_block(self, engine: str) -> None:
        def inner() -> None:
            pass

        name = "TestBlock.test_a_block_in_a_block.<locals>.inner"
        with profile("outside", engine=engine) as outside:
            inner()
            if not NEW:  # there is room for one in a thread
                with pytest.raises(Unavailable), profile(engine=engine):
                    pass
                return
            with profile("inside", engine=engine) as inside:
                inner()
            inner()
        assert (calls(inside, name), calls(outside, name)) == (1, 3)
        for measured in (inside, outside):
            assert [check.id for check in measured.checks if check.ok is False] == []
        # Our own machinery was muted.
        assert not {"Session.__init__", "build", "choose"} & {f.name for f in outside.functions}

    @tree_engines
    def test_threads_have_roots_of_their_own(self, engine: str) -> None:
        def work() -> None:
            sorted([2, 1])

        with profile(engine=engine, threads=True) as measured:
            thread = threading.Thread(target=work, name="mine")
            thread.start()
            thread.join()
        assert roots(measured, "thread") == ["mine"]
        assert calls(measured, "TestBlock.test_threads_have_roots_of_their_own.<locals>.work") == 1


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    with running_kernel(tmp_path_factory.mktemp("engines")) as kernel:
        kernel.run("%load_ext jupyterlab_profiler")
        yield kernel


@tree_engines
def test_threads_are_shown_where_they_are_asked_for(kernel: Kernel, engine: str) -> None:
    measured = kernel.run(f"%%cprofile --threads --engine {engine}\n{THREADS}").profile
    assert measured.meta.engine.name == engine
    assert len(roots(measured, "thread")) == 3
    assert (calls(measured, "work"), callers(measured, "step")) == (3, {"work": 15})
    assert "threads" not in [warning.code for warning in measured.meta.warnings]
    without = kernel.run(f"%%cprofile --engine {engine}\n{THREADS}").profile
    assert (roots(without, "thread"), calls(without, "work")) == ([], 0)
    assert "threads" in [warning.code for warning in without.meta.warnings]


@tree_engines
def test_tasks_of_the_cell_are_followed(kernel: Kernel, engine: str) -> None:
    measured = kernel.run(f"%%cprofile --engine {engine}\n{TASKS}").profile
    assert roots(measured, "task") == ["job (4 tasks)"]
    assert callers(measured, "done") == {"job": 4}


def test_cprofile_sees_no_tasks_and_says_so(kernel: Kernel) -> None:
    measured = kernel.run(f"%%cprofile --engine cprofile\n{TASKS}").profile
    assert (roots(measured, "task"), calls(measured, "done")) == ([], 0)
    assert measured.paths.rows == 0
    assert measured.totals.rows > 0


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ("--engine cprofile --threads", "the engine cprofile sees no other threads"),
        ("--engine fast", "--engine takes one of recorder, cprofile, python, not 'fast'"),
    ],
)
@pytest.mark.parametrize("form", ["%%cprofile {}\nprint('ran')", "%cprofile {} print('ran')"])
def test_what_an_engine_cannot_do_is_refused_in_one_line(
    kernel: Kernel, form: str, options: str, says: str
) -> None:
    outcome = kernel.run(form.format(options))
    assert (outcome.status, outcome.profiles) == ("error", [])
    assert "ran" not in outcome.stream()
    (line,) = outcome.stream("stderr").strip().splitlines()
    assert says in line


def test_an_unknown_engine_in_the_environment_is_refused_in_one_line(tmp_path: Path) -> None:
    with running_kernel(tmp_path, "fast") as kernel:
        kernel.run("%load_ext jupyterlab_profiler")
        outcome = kernel.run("%%cprofile\nprint('ran')")
        assert outcome.status == "error" and "ran" not in outcome.stream()
        (line,) = outcome.stream("stderr").strip().splitlines()
        assert "there is no engine 'fast' (asked for by JUPYTERLAB_PROFILER_ENGINE)" in line
        asked = kernel.run("%%cprofile --engine python\n1")
        assert asked.profile.meta.engine.name == "python"
