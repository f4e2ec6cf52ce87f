"""However a cell ends under ``%%memory``, it ends as ever, is shown, and nothing of ours stays."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from kernels import Kernel, running_kernel
from memories import NOTHING, check, label, left_behind, of_line, total

from jupyterlab_profiler import load

ENDINGS = {
    "ok": ("kept = bytearray(999_999)", None, "ok"),
    "error": ("kept = bytearray(999_999)\n1 / 0", None, "error"),
    "error in a function": (
        "def f():\n    kept = bytearray(999_999)\n    1 / 0\nf()",
        None,
        "error",
    ),
    "interrupt": (
        "kept = bytearray(999_999)\nprint('started', flush=True)\nwhile True:\n    time.sleep(0.01)",
        "started",
        "interrupted",
    ),
    "interrupt in an await": (
        "kept = bytearray(999_999)\nprint('started', flush=True)\nawait asyncio.sleep(30)",
        "started",
        "interrupted",
    ),
    "exit": ("kept = bytearray(999_999)\nsys.exit(3)", None, "exit"),
    "error after an await": (
        "kept = bytearray(999_999)\nawait asyncio.sleep(0)\n1 / 0",
        None,
        "error",
    ),
}


@pytest.mark.parametrize(("body", "interrupt_at", "status"), ENDINGS.values(), ids=ENDINGS.keys())
def test_an_ending_is_as_ever_and_what_was_measured_is_shown(
    memory_kernel: Kernel, body: str, interrupt_at: str | None, status: str
) -> None:
    plain = memory_kernel.run(f"# plain\n{body}", interrupt_at=interrupt_at)
    measured = memory_kernel.run(f"%%memory\n{body}", interrupt_at=interrupt_at)
    assert (measured.status, measured.ename) == (plain.status, plain.ename)
    profile = measured.profile
    assert profile.meta.status == status
    assert total(profile, "peak_bytes") >= 1_000_000
    line = 3 if "def f" in body else 2
    assert of_line(profile, label(measured), line, "bytes") == 1_000_000
    for text in (measured.traceback, measured.stream("stderr")):
        assert "jupyterlab_profiler" not in text and "memray" not in text
    assert left_behind(memory_kernel) == NOTHING


def test_the_cell_stays_a_cell(memory_kernel: Kernel) -> None:
    outcome = memory_kernel.run(
        "%%memory\nimport inspect\nawait asyncio.sleep(0)\n%time 1 + 1\ntext = '''a\n  b'''\n"
        "print('out')\ninspect.currentframe().f_lineno, text"
    )
    assert outcome.status == "ok", outcome.traceback
    assert outcome.result == "(8, 'a\\n  b')"
    assert "out" in outcome.stream()


def test_a_statement_returns_and_is_measured(memory_kernel: Kernel) -> None:
    outcome = memory_kernel.run("%memory kept = bytearray(1_999_999)")
    assert outcome.status == "ok"
    assert outcome.profile.meta.source.command == "kept = bytearray(1_999_999)"
    assert f"Cell [{outcome.execution_count}]" in {file.label for file in outcome.profile.files}
    assert 2_000_000 <= total(outcome.profile, "live_bytes") <= 2_010_000
    assert memory_kernel.value("len(kept)") == 1_999_999
    empty = memory_kernel.run("%memory")
    assert empty.ename == "UsageError" and "nothing to profile" in (empty.evalue or "")


def test_options_do_what_they_do_elsewhere(memory_kernel: Kernel, tmp_path: Path) -> None:
    saved, text = tmp_path / "memory.json", tmp_path / "memory.txt"
    outcome = memory_kernel.run(
        f"%%memory -q --as held --label mine -l 5 -s cumulative -T {text} -D {saved}\n"
        "kept = bytearray(999_999)"
    )
    assert outcome.status == "ok" and outcome.displays == []
    assert memory_kernel.value("held is _profile, held.meta.label") == (True, "mine")
    assert text.read_text().startswith("At its peak the code held 1.0")
    assert "Ordered by: cumulative bytes" in text.read_text()
    again = load(saved)
    assert total(again, "peak_bytes") >= 1_000_000
    assert json.loads(saved.read_text())["schema"] == "jupyterlab-profiler"
    returned = memory_kernel.run("%%memory -r\nkept = bytearray(999_999)")
    assert returned.status == "ok" and memory_kernel.value("_ is _profile")
    for words, reason in (
        ("--engine memray", "not recognized"),
        ("--file-limit none", "--file-limit takes"),
        ("--file-limit 0", "--file-limit takes"),
        ("-D /nowhere/x.json", "no folder"),
    ):
        refused = memory_kernel.run(f"%%memory {words}\nnever = 1")
        assert refused.ename == "UsageError" and reason in (refused.evalue or "")


def test_another_recording_is_in_the_way(memory_kernel: Kernel, tmp_path: Path) -> None:
    memory_kernel.run(
        f"import memray\ntracker = memray.Tracker({str(tmp_path / 'own.bin')!r})\ntracker.__enter__()"
    )
    try:
        refused = memory_kernel.run("%%memory\nnever = 1")
    finally:
        memory_kernel.run("tracker.__exit__(None, None, None)")
    assert refused.ename == "UsageError"
    assert "memray is recording already" in (refused.evalue or "")
    assert memory_kernel.value("'never' in globals()") is False
    assert left_behind(memory_kernel) == NOTHING
    nested = memory_kernel.run("%%memory\nbefore = bytearray(999_999)\n%memory never = 1")
    assert nested.ename == "UsageError" and "recording already" in (nested.evalue or "")
    assert of_line(nested.profile, label(nested), 2, "bytes") == 1_000_000
    assert left_behind(memory_kernel) == NOTHING


def test_another_profiler_is_in_the_way(memory_kernel: Kernel) -> None:
    before = memory_kernel.run("sys.setprofile(print)\n%memory never = 1", silent=False)
    memory_kernel.run("sys.setprofile(None)")
    assert before.ename == "UsageError" and "another profiler" in (before.evalue or "")
    inside = memory_kernel.run(
        "%%memory\nsys.setprofile(lambda *_: None)\nkept = bytearray(999_999)\nsys.setprofile(None)"
    )
    assert inside.status == "ok"
    assert "profiler-replaced" in [warned.code for warned in inside.profile.meta.warnings]
    assert left_behind(memory_kernel) == NOTHING


def test_calls_of_a_cell_can_be_profiled_within(memory_kernel: Kernel) -> None:
    outcome = memory_kernel.run(
        "%%memory\nkept = bytearray(999_999)\n%cprofile ordered = sorted(range(100_000))"
    )
    profiles = outcome.profiles
    assert outcome.status == "ok" and len(profiles) == 2
    (memory,) = [one for one in profiles if one.meta.engine.name == "memray"]
    assert of_line(memory, label(outcome), 2, "bytes") == 1_000_000
    # What building the inner profile took is nobody's who reads the outer one.
    assert total(memory, "bytes") < 6_000_000
    assert {"finish", "build", "deliver"}.isdisjoint(one.name for one in memory.functions)


def test_a_child_of_the_cell_ends_and_takes_nothing_along(memory_kernel: Kernel) -> None:
    outcome = memory_kernel.run(
        "%%memory\nimport subprocess, warnings\nwarnings.simplefilter('ignore')\n"
        "child = os.fork()\nif not child:\n    bytearray(10**7)\n    os._exit(0)\n"
        "_, code = os.waitpid(child, 0)\nsubprocess.run(['true'], check=True)\n"
        "kept = bytearray(999_999)\ncode"
    )
    assert outcome.status == "ok" and outcome.result == "0", outcome.traceback
    assert of_line(outcome.profile, label(outcome), 10, "bytes") == 1_000_000
    assert total(outcome.profile, "bytes") < 10**7
    assert left_behind(memory_kernel) == NOTHING


def test_a_recording_that_grows_too_large_ends_and_says_so(memory_kernel: Kernel) -> None:
    outcome = memory_kernel.run(
        "%%memory --file-limit 1 --no-native\nfor index in range(600_000):\n"
        "    kept = bytearray(1000 + index % 7)\n    if index % 1000 == 0: time.sleep(0.001)\n'done'"
    )
    assert outcome.status == "ok" and outcome.result == "'done'"
    told = check(outcome.profile, "memory-complete")
    assert told.ok is False and "its file had reached 1 MB" in told.text
    assert 10_000 < total(outcome.profile, "allocations") < 600_000
    assert "Does not add up: The recording ended before" in outcome.displays[0]["text/plain"]
    assert left_behind(memory_kernel) == NOTHING


def test_a_recording_that_cannot_be_written_ends_and_says_so(memory_kernel: Kernel) -> None:
    # As on a full disk; there is always a shorter file than that of a recording.
    outcome = memory_kernel.run(
        "%%memory --no-native\nimport resource\nfirst = bytearray(999_999)\n"
        "limits = resource.getrlimit(resource.RLIMIT_FSIZE)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, limits[1]))\n"
        "for index in range(200_000):\n    kept = bytearray(1000 + index % 7)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, limits)\n'done'"
    )
    assert outcome.status == "ok" and outcome.result == "'done'"
    told = check(outcome.profile, "memory-complete")
    assert told.ok is False and "could not be written" in told.text
    # memray may put the very last allocations at the line before.
    assert 1_000_000 <= of_line(outcome.profile, label(outcome), 3, "bytes") <= 1_010_000
    assert left_behind(memory_kernel) == NOTHING


def test_while_it_records_no_file_has_a_name(memory_kernel: Kernel) -> None:
    outcome = memory_kernel.run("%%memory\nos.listdir(tempfile.tempdir)")
    if sys.platform == "linux":
        assert outcome.result == "[]"
    assert left_behind(memory_kernel) == NOTHING


def test_an_interrupt_while_it_is_read_ends_the_reading_alone(memory_kernel: Kernel) -> None:
    outcome = memory_kernel.run(
        "%%memory --no-native\nheap.churn(600_000, 1000)\nprint('ended')",
        interrupt_at="ended",
    )
    assert outcome.status == "ok" and outcome.profiles == []
    assert "reading the recording was interrupted" in outcome.stream("stderr")
    assert left_behind(memory_kernel) == NOTHING


def test_many_allocations_are_read_whole(memory_kernel: Kernel) -> None:
    count = 300_000
    outcome = memory_kernel.run(
        f"%%memory\nheap.churn({count}, 1000)\nkept = [bytearray(1000 + i % 5) for i in range(1000)]"
    )
    profile = outcome.profile
    assert of_line(profile, label(outcome), 2, "allocations") == count
    assert of_line(profile, label(outcome), 2, "bytes") == count * 1000
    assert all(one.id != "memory-complete" for one in profile.checks)
    assert left_behind(memory_kernel) == NOTHING


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            "sys.modules['memray'] = None",
            'memray is not installed: pip install "jupyterlab_profiler[native]"',
        ),
        (
            "del sys.modules['memray']\nsys.modules['memray._memray'] = None",
            "memray cannot be loaded here",
        ),
        ("sys.platform = 'win32'", "does not run on Windows"),
        ("memray.__version__ = '1.18.0'", "memray 1.18.0 is older than 1.19.2: pip install"),
    ],
)
def test_what_is_missing_is_said_before_anything_runs(
    tmp_path: Path, change: str, reason: str
) -> None:
    with running_kernel(tmp_path) as kernel:
        kernel.run("%load_ext jupyterlab_profiler\nimport sys, os, threading, tempfile, memray")
        kernel.run(change)
        refused = kernel.run("%%memory\nnever = 1")
        assert refused.ename == "UsageError" and reason in (refused.evalue or "")
        assert kernel.value("'never' in globals()") is False


def test_without_the_compiled_part_it_records_where_python_itself_can_do(tmp_path: Path) -> None:
    with running_kernel(tmp_path) as kernel:
        kernel.run(
            "%load_ext jupyterlab_profiler\nfrom jupyterlab_profiler.collect import profilefunc\n"
            "profilefunc.load = lambda: None"
        )
        outcome = kernel.run("%%memory\nkept = bytearray(999_999)")
        if sys.version_info >= (3, 12):
            assert of_line(outcome.profile, label(outcome), 2, "bytes") == 1_000_000
        else:
            assert outcome.ename == "UsageError"
            assert "before Python 3.12 this needs the compiled recorder" in (outcome.evalue or "")
            assert kernel.value("'kept' in globals()") is False
