"""A profile of lines: what it holds, prints, is saved to and loaded from."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from lined import ENGINES
from recorders import HAS_MONITORING

import jupyterlab_profiler
from jupyterlab_profiler import load, profile
from jupyterlab_profiler.formats.lprof import read
from jupyterlab_profiler.linereport import LineResult, line_report
from jupyterlab_profiler.model import Profile, Table
from jupyterlab_profiler.wire import MIME, decode, encode

pytestmark = pytest.mark.usefixtures("nothing_stays")

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(__file__).parent / "data" / "lprof"
SAMPLES = sorted(path.stem for path in DATA.glob("v*-py*.lprof"))


def loop(count: int) -> int:
    total = 0
    for number in range(count):
        if number > 1_000_000:
            total = -1
        total += number
    return total


def not_run() -> None:
    loop(0)


def lined(engine: str | None = None) -> Profile:
    with profile("three", lines=[loop, not_run], engine=engine) as found:
        loop(3)
    return found


def rows(found: Profile) -> list[tuple[str, int, int]]:
    """Function, line from its first one, hits."""
    lines = found.lines
    named = [found.functions[function - 1] for function in lines.ints("function")]
    return [
        (function.name, line - function.line, hits)
        for function, line, hits in zip(
            named, lines.ints("line"), lines.ints("self.hits"), strict=True
        )
    ]


@pytest.mark.parametrize("engine", ENGINES)
def test_lines_that_ran_and_those_that_did_not(engine: str) -> None:
    found = lined(engine)
    assert found.meta.engine.name == engine
    assert found.meta.wall is not None
    assert rows(found) == [
        ("loop", 1, 1),
        ("loop", 2, 4),
        ("loop", 3, 3),
        ("loop", 4, 0),
        ("loop", 5, 3),
        ("loop", 6, 1),
        ("not_run", 0, 0),
    ]
    assert sum(found.lines.ints("total.time")) <= found.meta.wall
    assert [file.path for file in found.files] == [__file__]
    assert "total += number" in found.sources[0].text
    assert [check.id for check in found.checks] == ["line-cost", "tracing"]
    assert not found.has_functions()


def test_statistics_text_and_payload_agree() -> None:
    found = lined()
    stats = found.line_stats()
    (ran, idle) = stats.timings.values()
    assert [(line - loop.__code__.co_firstlineno, hits) for line, hits, _ in ran] == [
        (1, 1),
        (2, 4),
        (3, 3),
        (5, 3),
        (6, 1),
    ]
    assert idle == []
    bundle = found._repr_mimebundle_()
    back = decode(bundle[MIME])
    assert back.line_stats() == stats
    assert back.lines == found.lines
    text = bundle["text/plain"]
    assert re.search(r"^ +\d+ +4 .*for number in range\(count\):$", text, re.MULTILINE)
    assert "Function: not_run" in text
    assert "for number in range(count):" in bundle["text/html"]
    assert "12 lines ran in " in bundle["text/html"]
    assert repr(found) == "<Profile 'three': 2 functions line by line>"


def test_methods_of_line_profilers_profiler(tmp_path: Path) -> None:
    found = LineResult(lined())
    stream = io.StringIO()
    found.print_stats(stream, output_unit=1e-3, stripzeros=True)
    assert stream.getvalue().startswith("Timer unit: 0.001 s\n")
    assert "not_run" not in stream.getvalue()
    found.dump_stats(tmp_path / "x.lprof")
    assert read((tmp_path / "x.lprof").read_bytes()) == found.get_stats()


def test_a_file_of_ours_is_read_by_line_profiler(tmp_path: Path) -> None:
    found = lined()
    found.save(tmp_path / "x.lprof")
    view = subprocess.run(
        [sys.executable, "-m", "line_profiler", "-u", "1e-6", str(tmp_path / "x.lprof")],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert line_report(found, labels=False) in view


@pytest.mark.parametrize("name", SAMPLES)
def test_files_of_line_profiler_are_loaded(name: str) -> None:
    found = load(DATA / f"{name}.lprof")
    stats = read((DATA / f"{name}.lprof").read_bytes())
    loaded = found.line_stats()
    assert loaded.unit == pytest.approx(stats.unit)
    assert loaded.timings == stats.timings
    printed = (DATA / f"{name}.kernprof-lv.txt").read_text(encoding="utf-8")
    for place, timings in loaded.timings.items():
        assert f"Function: {place[2]} at line {place[1]}" in printed
        for line, hits, _ in timings:
            assert re.search(rf"^ +{line} +{hits} ", printed, re.MULTILINE)
    assert decode(encode(found)).line_stats().timings == loaded.timings


def test_several_files_are_added_and_our_own_format_is_read(tmp_path: Path) -> None:
    one, two = (DATA / f"{name}.lprof" for name in ("v5.0.2-py3.13", "v5.0.0-py3.13"))
    summed = read(one.read_bytes()) + read(two.read_bytes())
    assert load(one, two).line_stats().timings == summed.timings
    found = lined()
    found.save(tmp_path / "x.json")
    assert load(tmp_path / "x.json").line_stats() == found.line_stats()
    with pytest.raises(ValueError, match="only files of one kind"):
        load(one, tmp_path / "x.json")


def test_what_is_no_profile_is_refused_with_its_name(tmp_path: Path) -> None:
    for name, data in {
        "empty": b"",
        "text": b"hello",
        "cut.lprof": (DATA / "v5.0.2-py3.13.lprof").read_bytes()[:100],
        "bad.json": b'{"a": 1}',
        "half.json": b'{"a": ',
    }.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(ValueError, match=re.escape(name)):
            load(tmp_path / name)
    with pytest.raises(OSError, match="nowhere"):
        load(tmp_path / "nowhere")
    with pytest.raises(ValueError, match="takes the name of a file"):
        load()


def test_a_file_names_no_text_that_is_not_of_its_functions(tmp_path: Path) -> None:
    """Who sends a profile cannot have another file's text shown, and saved with a notebook."""
    from jupyterlab_profiler.formats.lprof import write
    from jupyterlab_profiler.linestats import LineStats

    secret = tmp_path / "secret.py"
    secret.write_text("PASSWORD = 'hunter2'\n\ndef work():\n    return 1\n")
    stats = LineStats(
        {(str(secret), 1, "PASSWORD"): [(1, 1, 1)], (str(secret), 3, "work"): [(4, 1, 1)]}, 1e-9
    )
    (tmp_path / "x.lprof").write_bytes(write(stats))
    texts = [source.text for source in load(tmp_path / "x.lprof").sources]
    assert texts == ["def work():\n    return 1\n"]


def test_a_profile_without_lines_has_no_lprof(tmp_path: Path) -> None:
    with profile() as found:
        loop(1)
    with pytest.raises(ValueError, match="no times of lines"):
        found.save(tmp_path / "x.lprof")
    assert found.line_stats().timings == {}


def test_what_has_no_lines_is_refused_before_the_block_runs() -> None:
    ran = []
    with pytest.raises(ValueError, match="not written in Python"), profile(lines=[len]):
        ran.append(1)
    assert ran == []


def test_a_class_and_a_module() -> None:
    import textwrap

    with profile(lines=textwrap.TextWrapper) as found:
        textwrap.fill("a b c", 3)
    assert "TextWrapper.wrap" in {function.qualified for function in found.functions}
    with profile(lines=[textwrap]) as found:
        textwrap.fill("a b c", 3)
    assert "fill" in {function.qualified for function in found.functions}


if HAS_MONITORING:

    def test_threads_are_kept_apart() -> None:
        with profile(lines=[loop]) as found:
            loop(2)
            thread = threading.Thread(target=loop, args=(5,), name="other")
            thread.start()
            thread.join()
        assert [thread.name for thread in found.threads] == ["MainThread", "other"]
        by_thread: dict[int, int] = {}
        for thread_index, hits in zip(
            found.lines.ints("thread"), found.lines.ints("self.hits"), strict=True
        ):
            by_thread[thread_index] = by_thread.get(thread_index, 0) + hits
        assert by_thread == {0: 1 + 3 + 2 + 2 + 1, 1: 1 + 6 + 5 + 5 + 1}
        assert sum(hits for _, hits, _ in next(iter(found.line_stats().timings.values()))) == 27


def test_a_large_report_is_cut_and_says_so() -> None:
    found = lined()
    assert line_report(found, limit=5).endswith("more lines of text)")
    assert len(line_report(found, limit=5).split("\n")) == 6


def test_time_is_said_to_be_distorted_where_counting_took_much_of_it() -> None:
    with profile(lines=[loop]) as found:
        loop(20_000)
    assert "lines-distorted" in [warned.code for warned in found.meta.warnings]
    assert "an estimate" in found.text()
    with profile(lines=[loop]) as found:
        threading.Event().wait(0.2)
    assert "lines-distorted" not in [warned.code for warned in found.meta.warnings]


def test_load_is_public() -> None:
    assert jupyterlab_profiler.load is load
    assert "load" in jupyterlab_profiler.__all__


def test_lines_without_a_function_or_a_file() -> None:
    found = Profile(lines=Table(file=[0], line=[3], function=[0], **{"self.hits": [2]}))
    assert found.line_stats().timings == {("", 3, ""): [(3, 2, 0)]}
    assert "Total time: 0 s" in found.text()


class TestCommandLine:
    @staticmethod
    def run(folder: Path, *arguments: Any, code: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "jupyterlab_profiler", *map(str, arguments)],
            cwd=folder,
            env={"PYTHONPATH": str(ROOT), "PATH": ""},
            capture_output=True,
            text=True,
        )
        assert done.returncode == code, done.stderr
        return done

    def test_as_kernprof_has_it(self, tmp_path: Path) -> None:
        script = tmp_path / "line_demo.py"
        script.write_bytes((DATA / "line_demo.py.txt").read_bytes())
        done = self.run(tmp_path, "run", "-l", "line_demo.py")
        assert "Wrote profile results to line_demo.py.lprof" in done.stdout
        counted = re.compile(r"^ +(\d+) +(\d+) +\S+ +\S+ +\S+ {2}(.*)$", re.MULTILINE)
        theirs = (DATA / "v5.0.2-py3.13.kernprof-lv.txt").read_text(encoding="utf-8")
        # Before Python 3.12 a comprehension is a function, whose lines are told apart.
        ours = [part for part in done.stdout.split("Total time") if "<listcomp>" not in part]
        assert counted.findall("".join(ours)) == counted.findall(theirs)
        found = load(tmp_path / "line_demo.py.lprof")
        assert {function.qualified for function in found.functions} >= {"Reader.read", "fib"}

    def test_a_script_without_marks_is_measured_as_a_whole(self, tmp_path: Path) -> None:
        (tmp_path / "plain.py").write_text(
            "import sys\nfor word in sys.argv[1:]:\n    print(word)\n"
        )
        done = self.run(tmp_path, "run", "-l", "-o", "out.json", "plain.py", "-l", "--two")
        assert done.stdout.startswith("-l\n--two\n")
        assert re.search(r"^ +2 +3 .*for word in", done.stdout, re.MULTILINE)
        assert load(tmp_path / "out.json").meta.source.command == "plain.py -l --two"

    def test_functions(self, tmp_path: Path) -> None:
        import pstats

        (tmp_path / "plain.py").write_text("def f(): return 1\nfor _ in range(3): f()\n")
        done = self.run(tmp_path, "run", "plain.py")
        assert "plain.py:1(f)" in done.stdout
        stats = vars(pstats.Stats(str(tmp_path / "plain.py.prof")))["stats"]
        assert [entry[1] for name, entry in stats.items() if name[2] == "f"] == [3]

    def test_a_module(self, tmp_path: Path) -> None:
        (tmp_path / "package").mkdir()
        (tmp_path / "package" / "__init__.py").write_text("")
        (tmp_path / "package" / "__main__.py").write_text(
            "from . import __name__ as name\nimport sys\nprint(name, __name__, sys.argv[1:])\n"
        )
        done = self.run(tmp_path, "run", "-l", "-q", "-m", "package", "a")
        assert done.stdout == "package __main__ ['a']\n"

    def test_exit_codes_and_errors_are_the_scripts(self, tmp_path: Path) -> None:
        (tmp_path / "exit.py").write_text("import sys\nsys.exit(5)\n")
        (tmp_path / "fail.py").write_text("def f():\n    1 / 0\nf()\n")
        (tmp_path / "bad.py").write_text("1 +\n")
        assert "line 2" in self.run(tmp_path, "run", "-l", "exit.py", code=5).stdout
        failed = self.run(tmp_path, "run", "-l", "fail.py", code=1)
        assert failed.stderr.splitlines()[0] == "Traceback (most recent call last):"
        assert "jupyterlab_profiler" not in failed.stderr
        assert "ZeroDivisionError" in failed.stderr
        assert "Ended by an error" in failed.stdout
        assert "SyntaxError" in self.run(tmp_path, "run", "-l", "bad.py", code=1).stderr
        for arguments in (["nowhere.py"], ["-m", "nowhere"], ["-o", "x.txt", "exit.py"]):
            assert len(self.run(tmp_path, "run", "-l", *arguments, code=2).stderr.splitlines()) == 1
