"""`%profile_open` and `%cprofile_run`, in a real kernel."""

from __future__ import annotations

import pstats
import shutil
from pathlib import Path

from kernels import Kernel

from jupyterlab_profiler.formats.pstats import table_of

DATA = Path(__file__).parent / "data"


def test_files_of_any_kind_are_shown_and_bound(kernel: Kernel) -> None:
    work = kernel.folder / "work"
    for name in ("pstats/py3.11.prof", "pstats/py3.10.prof", "igprof/hot.pp.gz"):
        shutil.copy(DATA / name, work)
    outcome = kernel.run("%profile_open -s cumulative -l 3 py3.11.prof")
    assert outcome.status == "ok", outcome.traceback
    profile = outcome.profile
    assert profile.meta.source.kind == "file"
    assert (profile.meta.label, profile.view.sort) == ("py3.11.prof", ["cumulative"])
    theirs = vars(pstats.Stats(str(work / "py3.11.prof")))["stats"]
    assert table_of(profile) == theirs
    assert kernel.value("sum(row[1] for row in _profile.stats().stats.values())") == sum(
        row[1] for row in theirs.values()
    )
    outcome = kernel.run("%profile_open --as both --label sum -q -D s.csv py3.11.prof py3.10.prof")
    assert (outcome.status, outcome.profiles) == ("ok", [])
    assert "*** Profile saved to file 's.csv'." in outcome.stream()
    assert (work / "s.csv").read_bytes().startswith(b"ncalls,")
    assert kernel.value("(both.meta.label, both is _profile)") == ("sum", True)
    outcome = kernel.run("%profile_open 'hot.pp.gz'")
    assert [metric.id for metric in outcome.profile.metrics] == ["time", "samples"]
    outcome = kernel.run("stats = %profile_open -q -r py3.11.prof")
    assert outcome.status == "ok", outcome.traceback
    assert kernel.value("type(stats).__name__") == "Stats"


def test_what_cannot_be_opened_is_one_sentence(kernel: Kernel) -> None:
    (kernel.folder / "work" / "notes.txt").write_text("hello")
    for line, said in {
        "%profile_open": "write the files to open behind it",
        "%profile_open nowhere.prof": "nowhere.prof: No such file or directory",
        "%profile_open notes.txt": "notes.txt: at byte 0: a file of cProfile",
        "%profile_open 'a": "No closing quotation",
        "%profile_open -x a": "option -x not recognized",
        "%cprofile_run": "write the script to run behind it",
        "%cprofile_run nowhere.py": "nowhere.py cannot be read",
    }.items():
        outcome = kernel.run(line)
        assert (outcome.status, outcome.ename) == ("error", "UsageError"), line
        assert said in (outcome.evalue or "") + outcome.stream("stderr"), line


def test_a_script_in_its_own_process(kernel: Kernel) -> None:
    work = kernel.folder / "work"
    (work / "script.py").write_text(
        "import sys\ndef work(n):\n    for i in range(n):\n        print('at', i)\n"
        "work(int(sys.argv[1]))\nsys.exit(3)\n"
    )
    outcome = kernel.run("%cprofile_run -s name -D script.prof script.py 3")
    assert outcome.status == "ok", outcome.traceback
    assert "at 0\nat 1\nat 2\n" in outcome.stream()
    assert "script.py ended with exit code 3" in outcome.stream("stderr")
    profile = outcome.profile
    assert (profile.meta.source.kind, profile.meta.status) == ("script", "exit")
    assert (profile.meta.source.command, profile.view.sort) == ("script.py 3", ["name"])
    assert profile.lines.rows == 0
    (row,) = [row for key, row in table_of(profile).items() if key[2] == "work"]
    assert row[:2] == (1, 1)
    assert {key[2] for key in vars(pstats.Stats(str(work / "script.prof")))["stats"]} >= {"work"}
    outcome = kernel.run("%cprofile_run --engine cprofile -m script 1")
    assert outcome.profile.meta.engine.name == "cprofile"
    assert outcome.profile.meta.source.command == "-m script 1"
