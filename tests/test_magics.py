"""Options of ``%cprofile`` and ``%%cprofile``: those of ``%prun``, with the same meaning."""

from __future__ import annotations

import os
import pstats
import subprocess
import sys
from pathlib import Path

import pytest
from IPython.core.error import UsageError
from kernels import ROOT, Kernel, on_every_engine, running_kernel
from test_kernel_truth import calls

from jupyterlab_profiler.model import Limit
from jupyterlab_profiler.options import parse

WORK = "def low(n): return sum(range(n))\ndef high():\n    for i in range(5): low(i)\n"


def test_options_end_where_the_statement_begins() -> None:
    options = parse("-l 30 -s cumulative -q  print('a  b',  -x)")
    assert options.statement == "print('a  b',  -x)"
    assert options.view.limits == [Limit(count=30)]
    assert options.view.sort == ["cumulative"]
    assert options.quiet and not options.returns


def test_options_repeat_combine_and_have_long_forms() -> None:
    options = parse(
        "-rq -l mod -l5 -l 0.5 -s cum -s name --label 'two words' --as run_1 --sort=calls f()"
    )
    assert options.view.limits == [Limit(regex="mod"), Limit(count=5), Limit(fraction=0.5)]
    assert options.view.sort == ["cumulative", "name", "calls"]
    assert (options.label, options.name) == ("two words", "run_1")
    assert options.returns and options.quiet
    assert options.statement == "f()"


def test_the_engine_and_threads_can_be_asked_for() -> None:
    options = parse("--engine python --threads f(--threads)")
    assert (options.engine, options.threads, options.statement) == ("python", True, "f(--threads)")
    assert parse("--engine='recorder'").engine == "recorder"
    assert (parse("f()").engine, parse("f()").threads) == (None, False)


def test_two_dashes_end_the_options() -> None:
    assert parse("-q -- -x").statement == "-x"


def test_quotes_in_the_statement_stay_as_they_were() -> None:
    assert parse("""f('it''s', "q  q", 'a')""").statement == """f('it''s', "q  q", 'a')"""


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("-x f()", "option -x not recognized"),
        ("--wrong f()", "option --wrong not recognized"),
        ("-l", "option -l requires a value"),
        ("-l ( f()", "("),
        ("-s nonsense f()", "nonsense"),
        ("-s n f()", "'n'"),
        ("-D /no/such/folder/x.prof f()", "/no/such/folder"),
        ("-T . f()", "is a folder"),
        ("--as 1x f()", "--as takes a variable's name"),
        ("--as class f()", "--as takes a variable's name"),
        ("--quiet=3 f()", "takes no value"),
        ("--engine fast f()", "--engine takes one of recorder, cprofile, python, not 'fast'"),
        ("--engine", "option --engine requires a value"),
        ("--threads=2 f()", "takes no value"),
    ],
)
def test_a_bad_option_is_one_clear_line(line: str, says: str) -> None:
    with pytest.raises(UsageError) as raised:
        parse(line)
    assert says in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("sign", ["%", "%%"])
@pytest.mark.parametrize("option", ["-x", "-s nonsense", "-l (", "-D /no/such/folder/x", "--as 1x"])
def test_nothing_runs_when_an_option_is_bad(kernel: Kernel, sign: str, option: str) -> None:
    separator = " " if sign == "%" else "\n"
    outcome = kernel.run(f"{sign}cprofile {option}{separator}print('ran')")
    assert outcome.status == "error" and outcome.ename == "UsageError"
    assert outcome.profiles == [] and "ran" not in outcome.stream()
    (line,) = outcome.stream("stderr").strip().splitlines()
    assert line.startswith("UsageError: ")


def test_the_line_magic_profiles_a_statement(kernel: Kernel) -> None:
    kernel.run(WORK)
    outcome = kernel.run("%cprofile high()")
    assert outcome.status == "ok" and outcome.result is None
    profile = outcome.profile
    assert (calls(profile, "high"), calls(profile, "low")) == (1, 5)
    assert profile.meta.source.kind == "statement"
    assert profile.meta.source.command == "high()"


def test_the_line_magic_runs_in_the_users_namespace(kernel: Kernel) -> None:
    kernel.run("%cprofile made = len('  a  b')")
    assert kernel.value("made") == 6
    outcome = kernel.run("%cprofile made = '{x} $made'")
    assert outcome.status == "ok"
    assert kernel.value("made") == "{x} $made"


def test_the_line_magic_raises_what_the_statement_raises(kernel: Kernel) -> None:
    outcome = kernel.run("%cprofile 1/0")
    assert (outcome.status, outcome.ename) == ("error", "ZeroDivisionError")
    assert "jupyterlab_profiler" not in outcome.traceback
    assert outcome.profile.meta.status == "error"


def test_the_line_magic_without_a_statement_says_what_to_write(kernel: Kernel) -> None:
    outcome = kernel.run("%cprofile -q")
    assert outcome.ename == "UsageError"
    assert "%%cprofile at the top of a cell" in outcome.stream("stderr")


def test_return_gives_stats(kernel: Kernel) -> None:
    kernel.run(WORK + "stats = %cprofile -r -q high()")
    assert kernel.value("type(stats).__name__") == "Stats"
    assert kernel.value("[v[1] for k, v in stats.stats.items() if k[2] == 'low']") == [5]


def test_return_in_a_cell_keeps_the_cells_value(kernel: Kernel) -> None:
    outcome = kernel.run(f"%%cprofile -r\n{WORK}high()\n'value'")
    assert outcome.result == "'value'"
    assert kernel.run("type(_).__name__").result == "'Stats'"
    assert kernel.value(f"Out[{outcome.execution_count}]") == "value"


def test_a_statement_on_the_magics_line_runs_first(kernel: Kernel) -> None:
    outcome = kernel.run("%%cprofile -q first = [1, 2]\nlen(first)")
    assert outcome.result == "2"


def test_as_binds_the_profile(kernel: Kernel) -> None:
    kernel.run(f"%%cprofile -q --as run_a\n{WORK}high()")
    assert kernel.value("run_a is _profile, type(run_a).__name__") == (True, "Profile")
    shown = kernel.run("run_a")
    assert shown.status == "ok" and "ncalls" in (shown.result or "")


def test_quiet_shows_nothing(kernel: Kernel) -> None:
    assert kernel.run("%%cprofile -q\n1").displays == []


def test_limits_and_keys_shape_the_text_and_never_the_data(kernel: Kernel) -> None:
    outcome = kernel.run(f"%%cprofile -s calls -l 1\n{WORK}high()")
    text = outcome.displays[0]["text/plain"]
    assert "Ordered by: call count" in text
    lines = text.splitlines()
    head = next(place for place, line in enumerate(lines) if "ncalls" in line)
    assert len(lines[head + 1 :]) == 1
    assert "restriction <1>" in text
    assert calls(outcome.profile, "high") == 1
    assert outcome.profile.view.sort == ["calls"]
    assert outcome.profile.view.limits == [Limit(count=1)]


def test_files_are_written_and_read_by_pstats(kernel: Kernel, tmp_path: Path) -> None:
    dump, text = tmp_path / "a run.prof", tmp_path / "run.txt"
    outcome = kernel.run(f"%%cprofile -q -D '{dump}' -T '{text}'\n{WORK}high()")
    assert outcome.status == "ok", outcome.stream("stderr")
    stats = pstats.Stats(str(dump))
    counts = {key[2]: value[1] for key, value in stats.stats.items()}
    assert (counts["high"], counts["low"]) == (1, 5)
    assert "filename:lineno(function)" in text.read_text(encoding="utf-8")
    assert "marshalled to file" in outcome.stream()


def test_a_file_is_written_where_the_cell_began(kernel: Kernel, tmp_path: Path) -> None:
    kernel.run(f"import os; before = os.getcwd(); os.chdir({str(tmp_path)!r})")
    kernel.run("%%cprofile -q -D here.prof\nos.chdir('/')")
    kernel.run("os.chdir(before)")
    assert (tmp_path / "here.prof").exists()


def test_help_is_there(kernel: Kernel) -> None:
    assert kernel.run("%cprofile?").status == "ok"


def test_saving_and_framing(kernel: Kernel, tmp_path: Path) -> None:
    kernel.run(f"%%cprofile -q --as p\n{WORK}high()")
    kernel.run(f"p.save({str(tmp_path / 'x.prof')!r}); frame = p.to_frame()")
    assert pstats.Stats(str(tmp_path / "x.prof")).total_calls > 5
    assert kernel.value("int(frame.loc[frame['name'] == 'low', 'ncalls'].iloc[0])") == 5


@on_every_engine
def test_profile_of_a_block(kernel: Kernel) -> None:
    outcome = kernel.run(
        f"{WORK}from jupyterlab_profiler import profile\n"
        "with profile('my block') as p:\n    high()\np"
    )
    assert outcome.status == "ok", outcome.traceback
    assert kernel.value("p.meta.label, p.meta.status, p.meta.source.kind") == (
        "my block",
        "ok",
        "code",
    )
    kernel.run(
        "from jupyterlab_profiler.derive import totals_and_edges\ntotals, _ = totals_and_edges(p)"
    )
    assert kernel.value(
        "{p.functions[f].name: c for f, c in zip(totals['function'], totals['self.calls'])"
        " if p.functions[f].name in ('low', 'high')}"
    ) == {"low": 5, "high": 1}
    assert kernel.value("[c.id for c in p.checks if c.ok is False]") == []
    assert kernel.value("[f.label for f in p.files]") == [f"Cell [{outcome.execution_count}]"]
    assert (
        kernel.value("[f.qualified for f in p.functions if 'profil' in f.qualified.lower()]") == []
    )


@pytest.mark.parametrize("magic", ["%cprofile", "%cprofile --lines"])
def test_a_statement_has_the_number_of_the_cell_that_it_stands_in(
    kernel: Kernel, magic: str
) -> None:
    kernel.run("def counted(n):\n    return sum(range(n))")
    outcome = kernel.run(f"before = 1\n{magic} counted({len(magic)})")
    assert outcome.execution_count is not None
    (statement,) = [
        file for file in outcome.profile.files if file.execution != outcome.execution_count - 1
    ]
    assert statement.label == f"Cell [{outcome.execution_count}]"


@on_every_engine
def test_a_failing_block_raises_and_keeps_its_profile(kernel: Kernel) -> None:
    outcome = kernel.run(
        f"{WORK}from jupyterlab_profiler import profile\n"
        "with profile() as failed:\n    high()\n    1 / 0"
    )
    assert outcome.ename == "ZeroDivisionError"
    assert "jupyterlab_profiler/" not in outcome.traceback
    assert kernel.value("failed.meta.status, len(failed.functions) > 2") == ("error", True)


def test_unloading_gives_back_what_was_there(tmp_path: Path) -> None:
    with running_kernel(tmp_path) as kernel:
        look = (
            "m = get_ipython().magics_manager.magics\n"
            "t = get_ipython().input_transformer_manager\n"
            "state = (repr(m['line'].get('cprofile')), repr(m['cell'].get('cprofile')),\n"
            " len(t.line_transforms), len(t.cleanup_transforms), len(get_ipython().ast_transformers),\n"
            " [len(c) for c in get_ipython().events.callbacks.values()])"
        )
        kernel.run(
            "def theirs(line, cell=None): return 'theirs'\n"
            "get_ipython().register_magic_function(theirs, 'line_cell', 'cprofile')"
        )
        kernel.run(look)
        before = kernel.value("state")
        loaded = kernel.run("%load_ext jupyterlab_profiler")
        assert "is replaced" in loaded.stream() and "%unload_ext" in loaded.stream()
        assert len(kernel.run("%%cprofile\n1").profiles) == 1
        kernel.run("%unload_ext jupyterlab_profiler")
        kernel.run(look)
        assert kernel.value("state") == before
        assert kernel.run("%%cprofile\n1").result == "'theirs'"
        again = kernel.run("%load_ext jupyterlab_profiler")
        assert again.status == "ok"
        assert len(kernel.run("%%cprofile\n1").profiles) == 1


def test_loading_twice_changes_nothing(tmp_path: Path) -> None:
    with running_kernel(tmp_path) as kernel:
        for command in ("%load_ext", "%load_ext", "%reload_ext"):
            kernel.run(f"{command} jupyterlab_profiler")
        assert len(kernel.run("%%cprofile\n1").profiles) == 1
        assert (
            kernel.value(
                "sum('CellTransformer' in repr(t) for t in get_ipython().ast_transformers)"
            )
            == 1
        )


def test_importing_the_package_is_light() -> None:
    code = "import sys, jupyterlab_profiler; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"IPython", "cProfile", "pstats", "json", "pandas", "dataclasses", "asyncio", "html"}
    assert heavy & set(done.stdout.split()) == set()


def test_plain_ipython_prints_the_text(tmp_path: Path) -> None:
    script = "%load_ext jupyterlab_profiler\n%cprofile sum(range(10))\n"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "IPYTHONDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "IPython", "--colors=NoColor", "--simple-prompt", "--no-banner"],
        input=script,
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
    )
    assert "ncalls  tottime  percall  cumtime  percall filename:lineno(function)" in done.stdout
    assert "{built-in method builtins.sum}" in done.stdout


def test_help_on_the_cell_magic_is_help(kernel: Kernel) -> None:
    assert kernel.run("%%cprofile?").status == "ok"


@pytest.mark.parametrize("statement", ["!echo hi", "%pwd", "if 1: 2", "def f():"])
def test_what_cannot_stand_on_the_magics_line_is_said(kernel: Kernel, statement: str) -> None:
    outcome = kernel.run(f"%%cprofile {statement}\nprint('ran')")
    assert outcome.ename == "UsageError" and "ran" not in outcome.stream()
    assert "on a line of its own" in outcome.stream("stderr")


def test_a_file_that_cannot_be_written_any_more_does_not_cost_the_result(
    kernel: Kernel, tmp_path: Path
) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    outcome = kernel.run(
        f"%%cprofile -D {folder / 'x.prof'} --as kept\nimport os; os.rmdir({str(folder)!r})"
    )
    assert outcome.status == "ok"
    assert len(outcome.profiles) == 1
    assert "x.prof" in outcome.stream("stderr")
    assert kernel.value("type(kept).__name__") == "Profile"


def test_usage_errors_of_run_cell_magic_are_said_once(kernel: Kernel) -> None:
    outcome = kernel.run("get_ipython().run_cell_magic('cprofile', '-x', '1')")
    assert outcome.stream("stderr").count("not recognized") == 1


def test_a_part_taken_away_is_said_and_mended(tmp_path: Path) -> None:
    with running_kernel(tmp_path) as kernel:
        kernel.run("%load_ext jupyterlab_profiler")
        kernel.run(
            "ip = get_ipython()\n"
            "ip.ast_transformers[:] = [t for t in ip.ast_transformers if 'CellTransformer' not in repr(t)]"
        )
        said = kernel.run("get_ipython().run_cell_magic('cprofile', '', '1')")
        assert "%reload_ext" in said.stream("stderr")
        assert kernel.run("%reload_ext jupyterlab_profiler").status == "ok"
        assert len(kernel.run("%%cprofile\n1").profiles) == 1
