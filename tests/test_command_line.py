"""`python -m jupyterlab_profiler`: what it prints and writes, its exit codes, and signals."""

from __future__ import annotations

import json
import os
import pstats
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_profiler import load, report
from jupyterlab_profiler.formats.pstats import table_of
from jupyterlab_profiler.wire import decode

ROOT = Path(__file__).parent.parent
DATA = Path(__file__).parent / "data"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}


def run(folder: Path, *arguments: Any, code: int = 0, **more: Any) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "jupyterlab_profiler", *map(str, arguments)],
        cwd=folder,
        env=ENVIRONMENT,
        capture_output=True,
        **{"encoding": "utf-8", **more},
    )
    assert done.returncode == code, done.stderr
    return done


def copy(folder: Path, name: str, to: str | None = None) -> None:
    (folder / (to or Path(name).name)).write_bytes((DATA / name).read_bytes())


class TestShow:
    def test_it_is_pstats_but_for_the_date(self, tmp_path: Path) -> None:
        copy(tmp_path, "pstats/py3.13.prof")
        done = run(tmp_path, "show", "py3.13.prof", "--sort", "cumul", "--limit", "40")
        stored = (DATA / "pstats" / "py3.13.stats.txt").read_text("utf-8")
        first, _, rest = done.stdout.partition("\n")
        assert first == f"{time.ctime((tmp_path / 'py3.13.prof').stat().st_mtime)}    py3.13.prof"
        assert rest == stored.partition("\n")[2]
        assert done.stderr.startswith("jupyterlab_profiler: This file may mix threads")
        assert len(done.stderr.splitlines()) == 1

    def test_options_come_in_any_order_and_callers_in_the_place_of_the_table(
        self, tmp_path: Path
    ) -> None:
        copy(tmp_path, "pstats/py3.11.prof")
        limits = ["--limit", "sample|built-in", "-n", ".5", "--limit", "20"]
        done = run(
            tmp_path, "show", "--strip-dirs", *limits, "-s", "time", "-s", "name", "py3.11.prof"
        )
        stored = (DATA / "pstats" / "py3.11.stripped.txt").read_text("utf-8")
        assert done.stdout.partition("\n")[2] == stored.partition("\n")[2]
        done = run(tmp_path, "show", "py3.11.prof", "-o", "out.txt", "--limit", "0.05", "--callers")
        assert done.stdout == ""
        stored = (DATA / "pstats" / "py3.11.callers.txt").read_text("utf-8")
        assert (tmp_path / "out.txt").read_text("utf-8") == stored

    def test_several_files_are_added_with_a_line_for_each(self, tmp_path: Path) -> None:
        names = ["py3.12.prof", "py3.11.prof", "py3.10.prof"]
        for name in names:
            copy(tmp_path, f"pstats/{name}")
        done = run(tmp_path, "show", *names, "--limit", "1", "--reverse")
        code = (
            "import pstats, sys\n"
            "pstats.Stats(*sys.argv[1:]).sort_stats('time').reverse_order().print_stats(1)"
        )
        theirs = subprocess.run(
            [sys.executable, "-c", code, *names],
            cwd=tmp_path, env=ENVIRONMENT, capture_output=True, check=True, encoding="utf-8",
        )  # fmt: skip
        assert done.stdout == theirs.stdout

    def test_lines_as_line_profiler_prints_them(self, tmp_path: Path) -> None:
        copy(tmp_path, "lprof/line_demo.py.txt", "line_demo.py")
        for name in ("v5.0.2-py3.13", "v5.0.0-py3.13"):
            copy(tmp_path, f"lprof/{name}.lprof")
        done = run(tmp_path, "show", "v5.0.2-py3.13.lprof", "-m", "-t", "-z", "-u", "1e-3")
        stored = (DATA / "lprof" / "v5.0.2.view-mtz-u1e-3.txt").read_text("utf-8")
        assert done.stdout == stored[stored.index("Timer unit") :]
        done = run(tmp_path, "show", "v5.0.2-py3.13.lprof", "v5.0.0-py3.13.lprof", "-tm")
        stored = (DATA / "lprof" / "v5.0.2.view-two-files-merged.txt").read_text("utf-8")
        assert done.stdout == stored[stored.index("Timer unit") :]

    def test_samples_have_no_callers_with_calls(self, tmp_path: Path) -> None:
        copy(tmp_path, "collapsed/mosaic.mixed.folded")
        done = run(tmp_path, "show", "mosaic.mixed.folded", "-n", "cmp")
        assert re.search(r"^ +40 +40 cmp$", done.stdout, re.MULTILINE)
        done = run(tmp_path, "show", "mosaic.mixed.folded", "--callers", code=1)
        assert done.stderr == (
            "jupyterlab_profiler: this profile has no calls, but samples, and --callers and "
            "--callees show calls\n"
        )

    @pytest.mark.parametrize(
        ("arguments", "code", "said"),
        [
            (["show", "nowhere.prof"], 1, "nowhere.prof: No such file or directory"),
            (["show", "bad.txt"], 1, "bad.txt: at byte 0: "),
            (["show", "."], 1, ".: Is a directory"),
            (["convert", "a.prof", "a.unknown"], 1, "no format has the ending '.unknown'"),
            (["convert", "a.prof", "-"], 1, "say it by --to"),
            (["symbolize", "a.prof", "-o", "-"], 1, "say it by --to"),
            (["run", "-o", "-", "a.py"], 2, "stdout has what the script prints"),
            (["convert", "a.prof", "a.folded"], 1, "cannot be written as collapsed: this profile"),
            (["convert", "a.prof", "nowhere/a.csv"], 1, "nowhere/a.csv: No such file"),
        ],
    )
    def test_what_is_wrong_is_one_sentence(
        self, arguments: list[str], code: int, said: str, tmp_path: Path
    ) -> None:
        copy(tmp_path, "pstats/mosaic.py3.13.prof", "a.prof")
        (tmp_path / "bad.txt").write_text("hello\n")
        done = run(tmp_path, *arguments, code=code)
        assert done.stdout == ""
        assert done.stderr.startswith("jupyterlab_profiler: ") and said in done.stderr
        assert done.stderr.count("\n") == 1

    @pytest.mark.parametrize(
        "arguments",
        [
            [], ["show"], ["no"], ["show", "a", "--sort", "n"], ["show", "a", "--limit", "["],
            ["show", "a", "--callers", "("], ["show", "a", "-u", "0"], ["convert", "a"],
            ["convert", "a", "b", "--to", "gif"], ["html", "a"],
        ],
        ids=" ".join,
    )  # fmt: skip
    def test_what_nobody_can_run_says_the_usage(self, arguments: list[str], tmp_path: Path) -> None:
        done = run(tmp_path, *arguments, code=2)
        assert done.stderr.startswith("usage: python -m jupyterlab_profiler")

    def test_help_has_examples(self, tmp_path: Path) -> None:
        for command in ([], ["run"], ["show"], ["convert"], ["html"]):
            assert (
                "examples:\n  python -m jupyterlab_profiler" in run(tmp_path, *command, "-h").stdout
            )

    def test_a_reader_that_has_enough_is_no_fault(self, tmp_path: Path) -> None:
        copy(tmp_path, "pstats/py3.11.prof")
        command = f"{sys.executable} -m jupyterlab_profiler show py3.11.prof | head -1"
        done = subprocess.run(
            command, shell=True, cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True
        )
        assert done.stdout.endswith("py3.11.prof\n")
        assert done.stderr == ""


class TestConvert:
    def test_by_ending_and_added(self, tmp_path: Path) -> None:
        for name in ("py3.12.prof", "py3.11.prof"):
            copy(tmp_path, f"pstats/{name}")
        run(tmp_path, "convert", "py3.12.prof", "py3.11.prof", "both.prof")
        names = [str(tmp_path / name) for name in ("py3.12.prof", "py3.11.prof")]
        theirs = vars(pstats.Stats(*names))["stats"]
        assert vars(pstats.Stats(str(tmp_path / "both.prof")))["stats"] == theirs
        run(tmp_path, "convert", "both.prof", "both.json")
        assert table_of(load(tmp_path / "both.json")) == theirs

    def test_from_stdin_to_stdout(self, tmp_path: Path) -> None:
        data = (DATA / "igprof" / "hot.pp.gz").read_bytes()
        done = run(tmp_path, "convert", "--to", "speedscope", "-", "-", input=data, encoding=None)
        assert json.loads(done.stdout)["exporter"] == "jupyterlab-profiler"
        (tmp_path / "a").write_bytes(done.stdout)
        assert sum(load(tmp_path / "a").paths["self.time"]) == 683 * 5_000_000


class TestStdout:
    """``-`` is stdout, with the very bytes of the file, and no file is called so."""

    @pytest.mark.parametrize(
        ("before", "after", "ending"),
        [
            (["show"], ["-o"], ".txt"),
            (["html"], [], ".html"),
            (["convert", "--to", "pstats"], [], ".prof"),
            (["symbolize", "--to", "pstats"], ["-o"], ".prof"),
        ],
        ids=["show", "html", "convert", "symbolize"],
    )
    def test_what_a_file_would_hold(
        self, before: list[str], after: list[str], ending: str, tmp_path: Path
    ) -> None:
        copy(tmp_path, "pstats/mosaic.py3.13.prof", "a.prof")
        run(tmp_path, *before, "a.prof", *after, f"out{ending}")
        done = run(tmp_path, *before, "a.prof", *after, "-", encoding=None)
        assert done.stdout == (tmp_path / f"out{ending}").read_bytes() != b""
        assert sorted(path.name for path in tmp_path.iterdir()) == ["a.prof", f"out{ending}"]

    def test_a_run_refuses_it_before_anything_runs(self, tmp_path: Path) -> None:
        (tmp_path / "a.py").write_text("print('ran')\n")
        done = run(tmp_path, "run", "-o", "-", "a.py", code=2)
        assert done.stdout == ""
        assert [path.name for path in tmp_path.iterdir()] == ["a.py"]

    def test_callees_are_chosen_by_name_before_the_limit(self, tmp_path: Path) -> None:
        copy(tmp_path, "pstats/py3.11.prof")
        options = ["py3.11.prof", "--sort", "cumulative", "--limit", "1"]
        first = run(tmp_path, "show", *options).stdout.splitlines()[-3:]
        done = run(tmp_path, "show", *options, "--callees", "len")
        assert not any("len" in line for line in first)
        assert "{built-in method builtins.len}" in done.stdout


class TestHtml:
    def test_the_profile_goes_where_the_page_has_its_place(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "static").mkdir()
        (tmp_path / "static" / "report.html").write_text("<html>é<!--profile--></html>", "utf-8")
        monkeypatch.setattr(report, "_folders", lambda: [str(tmp_path / "no"), str(tmp_path)])
        profile = load(DATA / "pstats" / "py3.13.prof")
        profile.meta.label = "</script><!--"
        report.write_html(profile, tmp_path / "a.html")
        text = (tmp_path / "a.html").read_text("utf-8")
        begin, end = (
            '<html>é<script type="application/json" id="jp-Profiler-data">',
            "</script></html>",
        )
        assert text.startswith(begin) and text.endswith(end)
        data = text.removeprefix(begin).removesuffix(end)
        assert "<" not in data
        assert decode(json.loads(data)).meta.label == "</script><!--"
        assert table_of(decode(json.loads(data))) == table_of(profile)

    def test_a_page_that_is_not_there_or_is_none_is_told(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(report, "_folders", lambda: [str(tmp_path)])
        profile = load(DATA / "pstats" / "py3.13.prof")
        with pytest.raises(ValueError, match="the page for profiles is not installed"):
            report.write_html(profile, tmp_path / "a.html")
        assert list(tmp_path.iterdir()) == []
        with pytest.raises(ValueError, match="2 places for one"):
            report.page(profile, report.MARKER * 2)


SCRIPT = """\
import sys, time
def work():
    return sum(range(1000))
print(__name__, sys.argv, flush=True)
work()
if "wait" in sys.argv:
    time.sleep(60)
sys.exit(len(sys.argv))
"""


class TestRun:
    def test_as_cprofile_with_a_sort_key_and_the_exit_code(self, tmp_path: Path) -> None:
        (tmp_path / "script.py").write_text(SCRIPT)
        done = run(tmp_path, "run", "-s", "name", "-o", "a.prof", "script.py", "-o", "x", code=3)
        assert done.stdout.startswith("__main__ ['script.py', '-o', 'x']\n")
        assert "   Ordered by: function name\n" in done.stdout
        stats = vars(pstats.Stats(str(tmp_path / "a.prof")))["stats"]
        assert [row[:2] for key, row in stats.items() if key[2] == "work"] == [(1, 1)]
        done = run(tmp_path, "run", "-q", "-o", "a.speedscope.json", "-m", "script", code=1)
        assert "'a.prof'" not in done.stdout
        assert any(f.name == "work" for f in load(tmp_path / "a.speedscope.json").functions)

    @pytest.mark.skipif(os.name != "posix", reason="signals are of POSIX")
    def test_an_interrupt_shows_what_was_measured(self, tmp_path: Path) -> None:
        (tmp_path / "script.py").write_text(SCRIPT)
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab_profiler", "run", "-o", "a.prof", "script.py", "wait"],
            cwd=tmp_path, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        out, error = process.communicate(timeout=60)
        assert first.startswith("__main__")
        assert process.returncode == 130
        assert "Interrupted in script.py, line 7" in out and "script.py:2(work)" in out
        assert error.rstrip().endswith("KeyboardInterrupt")
        assert "jupyterlab_profiler" not in error
        assert any(
            key[2] == "work" for key in vars(pstats.Stats(str(tmp_path / "a.prof")))["stats"]
        )
