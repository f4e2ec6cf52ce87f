"""What is measured where py-spy is missing or not permitted, and what is said of it."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from builds import deny, mill
from kernels import Kernel, running_kernel
from profiles import check, warnings

from jupyterlab_profiler.collect.collector import Unavailable
from jupyterlab_profiler.collect.native import choose, engines, pyspy
from jupyterlab_profiler.collect.native.engines import Wanted
from jupyterlab_profiler.collect.native.rights import ptrace_reason


@pytest.fixture(scope="module")
def confined(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """A kernel to which ptrace and perf's system call are refused, as a container does."""
    folder = tmp_path_factory.mktemp("confined")
    with running_kernel(folder, launcher=(str(deny()), "pe")) as kernel:
        kernel.run(
            f"%load_ext jupyterlab_profiler\nimport sys\nsys.path.insert(0, {str(mill().parent)!r})\n"
            "import mill"
        )
        yield kernel


def test_without_ptrace_python_is_sampled_without_stopping_it(confined: Kernel) -> None:
    for _ in range(2):  # the second time nothing is tried again
        outcome = confined.run("%%native\ndef work():\n    mill.grind(0.5)\nwork()\n'done'")
        assert outcome.result == "'done'"
        profile = outcome.profile
        assert profile.meta.engine.name == "py-spy-nonblocking"
        told = warnings(profile)["engine-lower"]
        assert "ptrace is not permitted in this container" in told
        assert "--cap-add SYS_PTRACE" in told
        names = {function.name for function in profile.functions}
        assert "work" in names and "grind" not in names


def test_an_engine_that_is_asked_for_is_not_replaced(confined: Kernel) -> None:
    outcome = confined.run("%%native --engine py-spy\nprint('ran')")
    assert outcome.status == "error" or "UsageError" in outcome.stream("stderr")
    assert "ptrace is not permitted" in outcome.stream("stderr")
    assert outcome.stream() == ""


@pytest.mark.needs_perf
def test_perf_without_rights_is_one_sentence(confined: Kernel) -> None:
    for cell in ("%%native --engine perf\nprint('ran')", "%native --engine perf x.py"):
        outcome = confined.run(cell)
        assert "perf may not record here (kernel.perf_event_paranoid is" in outcome.stream("stderr")
        assert "the capability PERFMON" in outcome.stream("stderr")
        assert (outcome.stream(), outcome.profiles) == ("", [])


def test_without_py_spy_calls_are_exact_and_the_command_is_said(confined: Kernel) -> None:
    confined.run(
        "import jupyterlab_profiler.collect.native.pyspy as pyspy\n"
        "kept, pyspy._candidates = pyspy._candidates, lambda: []"
    )
    outcome = confined.run("%%native\ndef work():\n    mill.grind(0.2)\nwork()\n'done'")
    confined.run("pyspy._candidates = kept")
    assert outcome.result == "'done'"
    profile = outcome.profile
    assert profile.meta.engine.name in ("recorder", "cprofile")
    assert "pip install jupyterlab-profiler[native]" in warnings(profile)["engine-lower"]
    assert "exact calls" in profile.meta.engine.reason
    assert check(profile, "coverage").text.startswith("Recorded calls cover")
    assert any("mill.grind" in function.name for function in profile.functions)


def test_the_exact_calls_can_be_asked_for(confined: Kernel) -> None:
    profile = confined.run("%%native --engine cprofile\nmill.grind(0.1)").profile
    assert "asked for" in profile.meta.engine.reason
    assert "engine-lower" not in warnings(profile)


@pytest.mark.parametrize(
    ("scope", "seccomp", "words"),
    [
        ("3", "0", "restart the machine"),
        ("2", "2", "sudo sysctl kernel.yama.ptrace_scope=1"),
        ("1", "2", "--cap-add SYS_PTRACE"),
        ("1", "0", "sudo sysctl kernel.yama.ptrace_scope=0"),
        ("", "0", "the capability SYS_PTRACE would allow it"),
    ],
)
def test_a_refusal_says_what_would_allow_it(
    tmp_path: Path, scope: str, seccomp: str, words: str
) -> None:
    (tmp_path / "scope").write_text(f"{scope}\n")
    (tmp_path / "status").write_text(f"Name:\tpython\nSeccomp:\t{seccomp}\n")
    reason = ptrace_reason(yama=str(tmp_path / "scope"), status=str(tmp_path / "status"))
    assert words in reason


def test_gvisor_has_no_ptrace_to_allow() -> None:
    assert "gVisor" in ptrace_reason(38)


def stand_in(folder: Path, text: str) -> Path:
    """An executable in the place of py-spy."""
    path = folder / "py-spy"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("echo py-spy 0.3.14", "0.3.14 is too old"),
        ("echo something else", "so it is not py-spy"),
        ("exit 3", "so it is not py-spy"),
    ],
)
def test_another_version_or_program_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, words: str
) -> None:
    path = stand_in(tmp_path, text)
    monkeypatch.setattr(pyspy, "_candidates", lambda: [str(path)])
    with pytest.raises(Unavailable, match=words):
        pyspy.find()


def test_a_sampler_that_ends_at_once_is_stepped_over_with_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (
        'case $1 in --version) echo py-spy 0.4.9;; *) echo "Error: no such luck" >&2; exit 1;; esac'
    )
    path = stand_in(tmp_path, text)
    monkeypatch.setattr(pyspy, "_candidates", lambda: [str(path)])
    monkeypatch.setattr(engines, "_ptrace", [""])
    choice = choose.start(Wanted())
    assert (choice.sampler, choice.name) == (None, "cprofile")
    assert choice.warnings[0].text.count("Error: no such luck") == 1


def test_elsewhere_than_on_linux_nothing_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    choice = choose.start(Wanted())
    assert choice.name == "cprofile"
    assert "on Linux only" in choice.reason


def test_threads_that_no_engine_has_are_told_and_the_cell_runs(tmp_path: Path) -> None:
    with running_kernel(tmp_path, "cprofile") as kernel:
        kernel.run("%load_ext jupyterlab_profiler")
        outcome = kernel.run("%%native --engine cprofile --threads\nsum(range(10))")
    assert outcome.result == "45"
    assert outcome.profile.meta.engine.name == "cprofile"
    assert "Other threads are not shown" in warnings(outcome.profile)["threads"]


def test_where_memory_cannot_be_read_either_something_is_measured(tmp_path: Path) -> None:
    with running_kernel(tmp_path, launcher=(str(deny()), "pv")) as kernel:
        kernel.run("%load_ext jupyterlab_profiler")
        outcome = kernel.run("%%native\nsum(range(1_000_000))")
    assert outcome.result == "499999500000"
    assert outcome.profile.meta.engine.name in ("py-spy-nonblocking", "recorder", "cprofile")
    assert "ptrace is not permitted" in warnings(outcome.profile)["engine-lower"]
