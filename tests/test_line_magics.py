"""``%lprun``, ``%%lprun`` and ``%%lprun_all`` in real kernels: hits as the cells state them."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from kernels import Kernel, Outcome, running_kernel
from lined import ENGINES
from recorders import HAS_MONITORING
from test_cell_endings import ENDINGS, state

from jupyterlab_profiler.model import Profile

pytestmark = pytest.mark.parametrize("engine", ENGINES)

#: Defined in a cell of its own. A comment tells how often a line runs when CALLS has run.
DEFINITIONS = """\
import functools, asyncio

def loop(n):
    total = 0  # 3
    for i in range(n):  # 18
        total += i  # 15
    return total  # 3

def generator(n):
    while n:  # 4
        n -= 1  # 3
        yield n  # 3

async def waits(n):
    await asyncio.sleep(0)  # 2
    return n  # 2

def recursive(n):
    if n == 0:  # 4
        return 0  # 1
    return 1 + recursive(n - 1)  # 3

def decorate(function):
    @functools.wraps(function)
    def inner(*args):
        return function(*args)  # 2
    return inner

@decorate
def decorated(n):
    return n + 1  # 2

class Thing:
    @property
    def size(self):
        return 4  # 5

    @staticmethod
    def fixed():
        return 1  # 2

    @classmethod
    def made(cls):
        return cls()  # 1

    def method(self):
        def nested(x):
            return x + 1  # 6
        return [nested(x) for x in range(3)]  # 2

def same_one(x):
    y = x  # 1
    return y  # 1

def same_two(x):
    y = x  # 2
    return y  # 2

def not_called():
    return 0
"""

CALLS = """\
for _ in range(3):  # 4
    loop(5)  # 3
list(generator(3))  # 1
await waits(1)  # 1
await waits(2)  # 1
recursive(3)  # 1
decorated(1), decorated(2)  # 1
thing = Thing.made()  # 1
for _ in range(5):  # 6
    thing.size  # 5
Thing.fixed(); Thing.fixed()
for _ in range(2):  # 3
    thing.method()  # 2
same_one(1)  # 1
same_two(1)  # 1
same_two(1)  # 1
def here(x):  # 1
    return x * 2  # 2
here(1) + here(2)  # 1
"""


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    with running_kernel(tmp_path_factory.mktemp("kernel")) as kernel:
        assert kernel.run("%load_ext jupyterlab_profiler").status == "ok"
        yield kernel


def stated(text: str, before: int = 0) -> dict[int, int]:
    """Hits by line, as comments state them."""
    found = {}
    for number, line in enumerate(text.splitlines(), 1 + before):
        match = re.search(r"# (\d+)$", line)
        if match:
            found[number] = int(match[1])
    return found


def hits(profile: Profile, cell: int) -> dict[int, int]:
    """Hits by line of a cell; of several functions on one line, the outermost's."""
    found: dict[int, int] = {}
    lines = profile.lines
    for file, line, function, count in zip(
        lines.ints("file"),
        lines.ints("line"),
        lines.ints("function"),
        lines.ints("self.hits"),
        strict=True,
    ):
        name = profile.functions[function - 1].name
        if profile.files[file - 1].execution == cell and name != "<listcomp>":
            found[line] = found.get(line, 0) + count
    return found


def ran(profile: Profile) -> set[str]:
    """Qualified names of the functions that ran."""
    return {place[2] for place, timings in profile.line_stats().timings.items() if timings}


def execution(kernel: Kernel, code: str) -> tuple[int, Outcome]:
    outcome = kernel.run(code)
    assert outcome.status == "ok", outcome.traceback
    assert outcome.execution_count is not None
    return outcome.execution_count, outcome


def assert_states(found: dict[int, int], expected: dict[int, int]) -> None:
    assert {line: found.get(line, 0) for line in expected} == expected


def test_a_cell_and_what_it_calls_of_the_notebook_have_the_hits_that_are_stated(
    kernel: Kernel, engine: str
) -> None:
    defined, _ = execution(kernel, DEFINITIONS)
    for _ in range(2):  # run again, it is counted anew
        called, outcome = execution(kernel, f"%%lprun --engine {engine}\n{CALLS}")
        profile = outcome.profile
        assert profile.meta.engine.name == engine
        assert_states(hits(profile, called), stated(CALLS, 1))
        assert_states(hits(profile, defined), stated(DEFINITIONS))
        assert "not_called" not in {function.name for function in profile.functions}
        assert outcome.result == "6"


def test_a_function_that_is_named_is_measured_alone(kernel: Kernel, engine: str) -> None:
    execution(kernel, DEFINITIONS)
    _, outcome = execution(kernel, f"%lprun --engine {engine} -f loop -f Thing.size [loop(2)]")
    profile = outcome.profile
    assert ran(profile) == {"loop"}
    assert {function.qualified for function in profile.functions} == {"loop", "Thing.size"}
    _, outcome = execution(kernel, f"%%lprun --engine {engine} -f loop\nloop(1)\nrecursive(1)")
    assert ran(outcome.profile) == {"loop"}
    execution(kernel, "import textwrap")
    _, outcome = execution(
        kernel, f"%%lprun --engine {engine} -f textwrap.fill --cell\nloop(1)\ntextwrap.fill('a')"
    )
    assert ran(outcome.profile) == {"<module>", "loop", "fill"}


def test_a_function_can_be_named_that_the_cell_itself_defines(kernel: Kernel, engine: str) -> None:
    code = (
        "def fresh():\n    return 1  # 2\nclass Box:\n    def get(self):\n        return fresh()\n"
    )
    for name, expected in (("fresh", {"fresh"}), ("Box.get", {"Box.get"})):
        kernel.run("del fresh, Box")
        _, outcome = execution(
            kernel, f"%%lprun --engine {engine} -f {name}\n{code}fresh()\nBox().get()"
        )
        assert ran(outcome.profile) == expected


def test_a_module(kernel: Kernel, engine: str) -> None:
    execution(kernel, "import textwrap")
    _, outcome = execution(kernel, f"%lprun --engine {engine} -m textwrap textwrap.fill('a b', 2)")
    assert "TextWrapper.fill" in ran(outcome.profile)
    assert all(name.startswith(("TextWrapper", "fill")) for name in ran(outcome.profile))


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("-f loop()", "write -f loop"),
        ("-f len", "len is not written in Python"),
        ("-f nobody", "NameError: name 'nobody' is not defined"),
        ("-f loop(", "is no expression"),
        ("-f '\"loop\"'", "without quotes"),
        ("-m nobody", "No module named 'nobody'"),
        ("-m math", "no functions that are written in Python"),
        ("--place /nowhere.py:3", "no function that begins at /nowhere.py:3 is loaded"),
        ("--place nowhere", "FILE:LINE"),
        ("-u soon", "unit in seconds"),
    ],
)
def test_a_wrong_target_is_answered_by_one_line_and_nothing_runs(
    kernel: Kernel, engine: str, target: str, says: str
) -> None:
    execution(kernel, DEFINITIONS)
    for code in (
        f"%lprun --engine {engine} {target} print('it ran')",
        f"%%lprun --engine {engine} {target}\nprint('it ran')",
    ):
        outcome = kernel.run(code)
        assert (outcome.status, outcome.ename) == ("error", "UsageError")
        assert outcome.evalue is not None
        assert "\n" not in outcome.evalue
        assert says in outcome.evalue
        assert "it ran" not in outcome.stream()


def test_an_error_shows_what_ran_until_then(kernel: Kernel, engine: str) -> None:
    outcome = kernel.run(f"%%lprun --engine {engine}\nx = 1\n1 / 0\ny = 2")
    assert outcome.ename == "ZeroDivisionError"
    assert "----> 3 1 / 0" in outcome.traceback
    assert "jupyterlab_profiler" not in outcome.traceback
    profile = outcome.profile
    assert profile.meta.status == "error"
    assert outcome.execution_count is not None
    assert_states(hits(profile, outcome.execution_count), {2: 1, 3: 1, 4: 0})


def test_errors_that_are_kept_do_not_add_up(kernel: Kernel, engine: str) -> None:
    kernel.run("def fails(): return 1 / 0")
    functions = (
        "(__import__('gc').collect(), sum(1 for found in __import__('gc').get_objects()"
        " if type(found).__name__ == 'function'"
        " and found.__code__.co_filename == fails.__code__.co_filename))[1]"
    )
    counts = []
    for _ in range(5):
        outcome = kernel.run(f"%%lprun --engine {engine}\nfails()")
        assert outcome.ename == "ZeroDivisionError"
        counts.append(kernel.value(functions))
    assert counts[1:] == [counts[1]] * 4  # the first may see what an error before it has kept


def test_an_interrupt_shows_what_ran_until_then(kernel: Kernel, engine: str) -> None:
    outcome = kernel.run(
        f"%%lprun --engine {engine}\nimport time\nprint('now')\nwhile True:\n    time.sleep(0.01)",
        interrupt_at="now",
    )
    assert outcome.ename == "KeyboardInterrupt"
    assert outcome.profile.meta.status == "interrupted"
    assert outcome.execution_count is not None
    found = hits(outcome.profile, outcome.execution_count)
    assert (found[2], found[3]) == (1, 1)
    assert found[5] >= 1
    assert execution(kernel, f"%lprun --engine {engine} sum([1])")


@pytest.mark.parametrize(("body", "interrupt_at", "status"), ENDINGS.values(), ids=ENDINGS.keys())
def test_an_ending_is_shown_and_leaves_nothing_behind(
    kernel: Kernel, engine: str, body: str, interrupt_at: str | None, status: str
) -> None:
    kernel.run("1")
    before = state(kernel)
    plain = kernel.run(f"# plain\n{body}", interrupt_at=interrupt_at)
    profiled = kernel.run(f"%%lprun --engine {engine}\n{body}", interrupt_at=interrupt_at)
    assert (profiled.status, profiled.ename) == (plain.status, plain.ename)
    assert profiled.profile.meta.status == status
    for text in (profiled.traceback, profiled.stream("stderr")):
        assert "jupyterlab_profiler" not in text
    assert state(kernel) == before


def test_an_interrupt_before_a_statement_shows_nothing_of_ours(kernel: Kernel, engine: str) -> None:
    before = state(kernel)
    module, name = {
        "recorder": ("recorder", "LineRecorderCollector"),
        "line_profiler": ("wrapped", "LineProfilerCollector"),
    }[engine]
    kernel.run(
        f"from jupyterlab_profiler.collect.lines.{module} import {name} as collector\n"
        "prepare = collector.prepare\n"
        "def struck(self, code, inside=True):\n"
        "    if code.co_name == '<module>' and 2 in code.co_consts: raise KeyboardInterrupt\n"
        "    return prepare(self, code, inside)\n"
        "collector.prepare = struck"
    )
    outcome = kernel.run(f"%%lprun --engine {engine}\nx = 1\nx = 2")
    kernel.run("collector.prepare = prepare; del collector, prepare, struck, x")
    assert outcome.ename == "KeyboardInterrupt"
    assert "jupyterlab_profiler" not in outcome.traceback
    assert "struck" not in outcome.traceback
    profile = outcome.profile
    assert profile.meta.status == "interrupted"
    assert outcome.execution_count is not None
    assert hits(profile, outcome.execution_count)[2] == 1
    assert state(kernel) == before


def test_displaying_is_no_lines_time(kernel: Kernel, engine: str) -> None:
    code = (
        "class Slow:\n    def _repr_pretty_(self, printer, cycle):\n"
        "        import time; time.sleep(0.2)\nslow = Slow()"
    )
    execution(kernel, code)
    _, outcome = execution(kernel, f"%%lprun --engine {engine} -f loop --cell\nslow")
    profile = outcome.profile
    (displays,) = [check for check in profile.checks if check.id == "line-displays"]
    assert displays.value is not None
    assert displays.value >= 200_000_000
    top = next(i for i, function in enumerate(profile.functions) if function.name == "<module>")
    own = [
        time
        for function, time in zip(
            profile.lines.ints("function"), profile.lines.ints("total.time"), strict=True
        )
        if function == top + 1
    ]
    assert sum(own) < 100_000_000


def test_options_of_line_profiler(kernel: Kernel, engine: str) -> None:
    execution(kernel, "import textwrap")
    _, outcome = execution(
        kernel,
        f"found = %lprun --engine {engine} -r -q -D out.lprof -T out.txt -u 1e-3 -z "
        "-f textwrap.shorten -f textwrap.fill textwrap.shorten('a b', 9)",
    )
    assert outcome.profiles == []
    assert "*** Profile stats pickled to file 'out.lprof'." in outcome.stream()
    assert "*** Profile printout saved to text file 'out.txt'." in outcome.stream()
    work = kernel.folder / "work"
    text = (work / "out.txt").read_text(encoding="utf-8")
    assert "Timer unit: 0.001 s\n\nTotal time: " in text
    assert "Function: shorten at line" in text
    assert "Function: fill" not in text
    view = subprocess.run(
        [sys.executable, "-m", "line_profiler", "-z", str(work / "out.lprof")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Function: shorten at line" in view.stdout
    assert re.search(r"^ +\d+ +1 .*return w\.fill", view.stdout, re.MULTILINE)
    names = {"get_stats", "print_stats", "dump_stats"}
    assert kernel.value(f"{names!r} <= set(dir(found))") is True
    own = kernel.value("type(found).__module__.startswith('line_profiler')")
    assert own is (engine == "line_profiler")
    assert kernel.value("sum(hit for t in found.get_stats().timings.values() for _, hit, _ in t)")


def test_lprun_all(kernel: Kernel, engine: str) -> None:
    del engine  # it takes the default one
    execution(kernel, DEFINITIONS)
    _, outcome = execution(kernel, "%%lprun_all -t\nloop(2)")
    assert ran(outcome.profile) == {"<module>", "loop"}
    assert 0 < kernel.value("_total_time_taken") < 60
    _, outcome = execution(kernel, "%%lprun_all -p\ndef late(): return 1\nlate(), loop(2)")
    assert ran(outcome.profile) == {"<module>"}


def test_lines_and_functions_of_one_run(kernel: Kernel, engine: str) -> None:
    del engine
    execution(kernel, DEFINITIONS)
    called, outcome = execution(kernel, "%%cprofile --lines\nloop(4)\nrecursive(2)\nprint('once')")
    assert outcome.stream().count("once") == 1
    profile = outcome.profile
    assert_states(hits(profile, called), {2: 1, 3: 1, 4: 1})
    table = {name[2]: entry[1] for name, entry in vars(profile.stats())["stats"].items()}
    assert (table["loop"], table["recursive"]) == (1, 3)
    assert ran(profile) == {"<module>", "loop", "recursive"}


def test_functions_that_kernprofs_profile_marks(kernel: Kernel, engine: str) -> None:
    execution(
        kernel, "@profile\ndef marked():\n    with profile:\n        return 7\ndef other(): pass"
    )
    count, outcome = execution(kernel, f"%%lprun --engine {engine} -f other\nmarked()")
    assert outcome.result == "7"
    assert ran(outcome.profile) == {"marked"}
    assert count
    _, outcome = execution(
        kernel,
        f"%%lprun --engine {engine} -f other\n@profile\ndef late():\n    return 8\nlate()",
    )
    assert "late" in ran(outcome.profile)


def test_names_are_taken_from_line_profiler_and_given_back(engine: str, tmp_path: Path) -> None:
    del engine
    with running_kernel(tmp_path) as kernel:
        execution(kernel, "%load_ext line_profiler")
        _, outcome = execution(kernel, "%load_ext jupyterlab_profiler")
        assert "%lprun of line_profiler.ipython_extension is replaced" in outcome.stream()
        magic = "get_ipython().find_magic('lprun').__module__"
        assert kernel.value(magic) == "jupyterlab_profiler.magics"
        assert kernel.value("type(profile).__module__") == "jupyterlab_profiler.kernprof"
        execution(kernel, "%unload_ext jupyterlab_profiler")
        assert kernel.value(magic) == "line_profiler.ipython_extension"
        assert kernel.value("'profile' in vars(__import__('builtins'))") is False


def test_a_script_in_its_own_process(kernel: Kernel, engine: str) -> None:
    work = kernel.folder / "work"
    (work / "script.py").write_text(
        "import sys\n@profile\ndef work(n):\n    for i in range(n):\n        print('at', i)\n"
        "work(int(sys.argv[1]))\nsys.exit(3)\n"
    )
    outcome = kernel.run(f"%lprun_run --engine {engine} -D script.lprof script.py 3")
    assert outcome.status == "ok", outcome.traceback
    assert "at 0\nat 1\nat 2\n" in outcome.stream()
    assert "script.py ended with exit code 3" in outcome.stream("stderr")
    profile = outcome.profile
    assert (profile.meta.source.kind, profile.meta.status) == ("script", "exit")
    (timings,) = profile.line_stats().timings.values()
    assert [(line, count) for line, count, _ in timings] == [(4, 4), (5, 3)]
    assert (work / "script.lprof").read_bytes()[:1] == b"\x80"
    missing = kernel.run("%lprun_run nowhere.py")
    assert (missing.status, missing.ename) == ("error", "UsageError")
    assert "nowhere.py cannot be read" in missing.stream("stderr")


def test_a_button_can_ask_for_lines(kernel: Kernel, engine: str) -> None:
    execution(kernel, DEFINITIONS)
    arm = "__import__('jupyterlab_profiler.remote', fromlist=['arm']).arm"
    answer = kernel.evaluate(f"{arm}(['a-cell'], '%%lprun --engine {engine}')")
    assert answer["status"] == "ok", answer
    outcome = kernel.run("loop(2)", cell_id="a-cell")
    assert ran(outcome.profile) == {"<module>", "loop"}
    assert kernel.run("loop(2)", cell_id="a-cell").profiles == []
    for line in ("%%time", "%%lprun -x", "%%lprun f()"):
        assert kernel.evaluate(f"{arm}(['a-cell'], {line!r})")["status"] == "error"


def test_a_function_of_a_file_by_its_place(kernel: Kernel, engine: str) -> None:
    work = kernel.folder / "work"
    (work / "placed.py").write_text(
        "def other():\n    return 1\n\ndef one():\n    return other()\n"
    )
    execution(kernel, "import placed")
    place = f"--place {work / 'placed.py'}:4"
    _, outcome = execution(kernel, f"%%lprun --engine {engine} {place}\nplaced.one()")
    assert ran(outcome.profile) == {"one"}
    _, outcome = execution(kernel, f"%%cprofile --lines {place}\nplaced.one()")
    assert ran(outcome.profile) == {"<module>", "one"}


def test_engines_that_cannot_share_a_run_refuse_it_and_others_agree(
    kernel: Kernel, engine: str
) -> None:
    execution(kernel, DEFINITIONS)
    counts = []
    variable = "JUPYTERLAB_PROFILER_LINE_ENGINE"
    execution(kernel, f"%env {variable}={engine}")
    for functions in ("recorder", "cprofile", "python"):
        outcome = kernel.run(
            f"%%cprofile --lines --engine {functions}\nprint('it ran')\nloop(3)\nrecursive(4)"
        )
        if functions == "python" and not HAS_MONITORING:
            assert outcome.evalue is not None
            assert "cannot measure functions while lines are measured" in outcome.evalue
            assert "it ran" not in outcome.stream()
            continue
        assert outcome.status == "ok", outcome.traceback
        profile = outcome.profile
        assert profile.meta.engine.name == functions
        assert "profiler-lost" not in [warned.code for warned in profile.meta.warnings]
        table = {name[2]: entry[1] for name, entry in vars(profile.stats())["stats"].items()}
        lines = {place[2]: rows for place, rows in profile.line_stats().timings.items()}
        hits = {name: [hit for _, hit, _ in rows] for name, rows in lines.items()}
        named = [function.name for function in profile.functions]
        assert named.count("loop") == named.count("recursive") == named.count("<module>") == 1
        counts.append((table["loop"], table["recursive"], hits["loop"], hits["recursive"]))
    execution(kernel, f"%env {variable}=")
    assert counts == [(1, 5, [1, 4, 3, 1], [5, 1, 4])] * len(counts)
    assert len(counts) >= 2
