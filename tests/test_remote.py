"""The button: a cell is profiled although its text has no line of ours."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kernels import Kernel, Outcome, running_kernel
from test_cell_endings import ENDINGS, MEDDLE, NEW, state
from test_cell_promises import CELLS, NEVER_RUN, SHOWN_BY_IPYTHON, normal
from test_kernel_truth import calls, in_balance, only_the_cells_own

#: As the front end writes it.
CALL = "__import__('jupyterlab_profiler.remote', fromlist=['arm'])"

NOT_RUN = (*NEVER_RUN, "nothing at all")
WORK = "def low(n): return [n]\nfor i in range(5): low(i)"


def number(reply: dict[str, Any]) -> int:
    """As the front end reads it."""
    assert reply["status"] == "ok", reply
    return int(reply["data"]["text/plain"])


def arm(kernel: Kernel, *cells: str) -> int:
    return number(kernel.evaluate(f"{CALL}.arm({list(cells)!r})"))


def disarm(kernel: Kernel, *cells: str) -> int:
    return number(kernel.evaluate(f"{CALL}.disarm({list(cells)!r})"))


def look(kernel: Kernel, expression: str) -> Any:
    """The value of a literal expression, without a cell that runs."""
    return ast.literal_eval(kernel.evaluate(expression)["data"]["text/plain"])


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """A kernel into which the button loaded the extension."""
    with running_kernel(tmp_path_factory.mktemp("kernel")) as kernel:
        assert arm(kernel) == 1
        yield kernel


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Kernel]:
    """A kernel that knows nothing of the extension."""
    with running_kernel(tmp_path) as kernel:
        yield kernel


def idle(kernel: Kernel) -> None:
    """Nothing of a cell that was asked for is left, and the next ones run as always."""
    extension = "__import__('jupyterlab_profiler.extension', fromlist=['loaded'])"
    assert look(kernel, f"{extension}.loaded(get_ipython()).asked.begun()") is None
    assert look(kernel, "'run_ast_nodes' in vars(get_ipython())") is False
    assert kernel.run(WORK).profiles == []
    assert kernel.run(WORK, cell_id="a").profiles == []


#: What of anybody's is registered with the shell.
REGISTERED = (
    "(lambda ip: ("
    "[(k, repr(m.get('cprofile'))) for k, m in ip.magics_manager.magics.items()],"
    " 'ProfilerMagics' in ip.magics_manager.registry,"
    " len(ip.input_transformer_manager.line_transforms), len(ip.ast_transformers),"
    " [len(c) for c in ip.events.callbacks.values()],"
    " [k for k in vars(ip.magics_manager) if 'profil' in k]))(get_ipython())"
)


# What the cell does.


@pytest.mark.parametrize("name", CELLS)
def test_an_armed_cell_does_what_the_plain_cell_does(kernel: Kernel, name: str) -> None:
    body = CELLS[name]
    kernel.run("import warnings; warnings.simplefilter('always')", silent=True)
    plain = kernel.run(body, cell_id="a")
    arm(kernel, "a")
    armed = kernel.run(body, cell_id="a")
    assert normal(armed) == normal(plain)
    if name in NOT_RUN:
        assert armed.profiles == []
    else:
        assert armed.execution_count == (plain.execution_count or 0) + 1
        wanted = "ok" if plain.status == "ok" or name in SHOWN_BY_IPYTHON else "error"
        meta = armed.profile.meta
        assert meta.status == ("exit" if plain.ename == "SystemExit" else wanted)
        assert (meta.source.kind, meta.source.cell) == ("cell", "a")
        assert meta.source.execution == armed.execution_count
    idle(kernel)


@pytest.mark.parametrize(("body", "interrupt_at", "status"), ENDINGS.values(), ids=ENDINGS.keys())
def test_an_ending_is_shown_and_leaves_nothing_behind(
    kernel: Kernel, body: str, interrupt_at: str | None, status: str
) -> None:
    kernel.run("1")
    before = state(kernel)
    plain = kernel.run(body, cell_id="a", interrupt_at=interrupt_at)
    arm(kernel, "a")
    armed = kernel.run(body, cell_id="a", interrupt_at=interrupt_at)
    assert (armed.status, armed.ename) == (plain.status, plain.ename)
    assert armed.profile.meta.status == status
    only_the_cells_own(armed.profile)
    assert "jupyterlab_profiler" not in armed.traceback + armed.stream("stderr")
    assert state(kernel) == before
    idle(kernel)


def test_lines_are_those_of_the_cell_as_it_stands(kernel: Kernel) -> None:
    arm(kernel, "a")
    outcome = kernel.run("\n\n# a comment\ndef f():\n    1 / 0\nf()", cell_id="a")
    profile = outcome.profile
    where = profile.meta.where
    assert where is not None and where.text == "ZeroDivisionError: division by zero"
    # IPython counts from the first line that holds something.
    assert [f.line for f in profile.functions if f.name == "f"] == [2]
    (source,) = profile.sources
    assert source.text == "# a comment\ndef f():\n    1 / 0\nf()"


def test_the_numbers_are_true(kernel: Kernel) -> None:
    arm(kernel, "a")
    profile = kernel.run(WORK, cell_id="a").profile
    assert calls(profile, "low") == 5
    in_balance(profile)
    only_the_cells_own(profile)
    (cell,) = [file for file in profile.files if file.origin == "cell"]
    assert (cell.cell, profile.meta.label) == ("a", "")


def test_history_holds_what_was_typed(kernel: Kernel) -> None:
    arm(kernel, "a")
    text = "x = 1\n# as typed \nx + 1"
    count = kernel.run(text, cell_id="a").execution_count
    assert look(kernel, f"In[{count}], get_ipython().history_manager.input_hist_raw[-1]") == (
        text,
        text,
    )
    assert look(kernel, f"Out[{count}], _") == (2, 2)


# Which cell it is.


def test_only_the_next_execution_is_profiled(kernel: Kernel) -> None:
    assert arm(kernel, "a") == 0
    assert len(kernel.run(WORK, cell_id="a").profiles) == 1
    idle(kernel)


def test_another_cell_does_not_use_it_up(kernel: Kernel) -> None:
    arm(kernel, "a", "b")
    for other in ("c", None):
        assert kernel.run(WORK, cell_id=other).profiles == []
    assert kernel.run(WORK, silent=True, store_history=False).profiles == []
    assert kernel.run(WORK, cell_id="b").profile.meta.source.cell == "b"
    assert kernel.run("1 / 0", cell_id="c").profiles == []
    assert kernel.run(WORK, cell_id="a").profile.meta.source.cell == "a"
    idle(kernel)


def test_ids_are_texts_of_any_kind(kernel: Kernel) -> None:
    strange = 'it\'s "é" \\ \n'
    arm(kernel, strange)
    assert kernel.run(WORK, cell_id=strange).profile.meta.source.cell == strange


def test_disarm_drops_what_is_left_and_says_how_many(kernel: Kernel) -> None:
    arm(kernel, "a", "b", "c")
    assert len(kernel.run(WORK, cell_id="a").profiles) == 1
    assert disarm(kernel, "a", "b") == 1
    assert kernel.run(WORK, cell_id="b").profiles == []
    assert len(kernel.run(WORK, cell_id="c").profiles) == 1
    assert disarm(kernel, "a", "b", "c") == 0


def test_a_run_that_stops_at_an_error_leaves_nothing_armed(kernel: Kernel) -> None:
    arm(kernel, "a", "b")
    slow = "import time; time.sleep(0.2); 1 / 0"
    first = kernel.send(slow, "a", stop_on_error=True, allow_stdin=False)
    second = kernel.send(WORK, "b", stop_on_error=True, allow_stdin=False)
    replies: dict[str, str] = {}
    while len(replies) < 2:
        message = kernel.client.get_shell_msg(timeout=20)
        if message["parent_header"].get("msg_id") in (first, second):
            replies[message["parent_header"]["msg_id"]] = message["content"]["status"]
    assert replies == {first: "error", second: "aborted"}
    assert disarm(kernel, "a", "b") == 1
    assert kernel.run(WORK, cell_id="b").profiles == []


@pytest.mark.parametrize("text", ["", " \n\n", "x = = 1", "  def f(:", "%%nothing\n1", "!"])
def test_a_cell_whose_code_never_runs_is_not_armed_any_more(kernel: Kernel, text: str) -> None:
    arm(kernel, "a")
    kernel.run(text, cell_id="a")
    idle(kernel)
    assert kernel.run(WORK, silent=True, store_history=False).profiles == []
    assert disarm(kernel, "a") == 0


def test_a_cell_that_another_extension_rejects_is_not_armed_any_more(kernel: Kernel) -> None:
    kernel.run(MEDDLE)
    try:
        arm(kernel, "a")
        rejected = kernel.run("'reject me'", cell_id="a")
        assert rejected.status == "error" and rejected.profiles == []
        assert kernel.run(WORK, silent=True, store_history=False).profiles == []
        idle(kernel)
        arm(kernel, "a")
        assert calls(kernel.run(WORK, cell_id="a").profile, "low") == 5
    finally:
        kernel.run("for m in meddlers: get_ipython().ast_transformers.remove(m)")


@pytest.mark.parametrize("place", ["0", "len(calls)"])
def test_code_that_other_extensions_run_before_is_not_taken_for_the_cell(
    kernel: Kernel, place: str
) -> None:
    kernel.run(
        "def other(): pass\n"
        "def before(info):\n"
        "    if info.cell_id == 'a': get_ipython().run_cell('other()')\n"
        "calls = get_ipython().events.callbacks['pre_run_cell']\n"
        f"calls.insert({place}, before)"
    )
    try:
        arm(kernel, "a")
        outcome = kernel.run(WORK, cell_id="a")
        assert (calls(outcome.profile, "low"), calls(outcome.profile, "other")) == (5, 0)
    finally:
        kernel.run("calls.remove(before)")
    idle(kernel)


def test_cells_within_the_cell_are_part_of_it(kernel: Kernel) -> None:
    arm(kernel, "a")
    outcome = kernel.run(
        f"{WORK}\nget_ipython().run_cell('low(1)')\nget_ipython().run_cell('low(1)', cell_id='a')",
        cell_id="a",
    )
    assert calls(outcome.profile, "low") == 7
    names = {function.qualified for function in outcome.profile.functions}
    assert not [name for name in names if name.startswith(("AskedCells", "Extension", "_Armed"))]
    only = {name.partition(".")[0] for name in names}
    assert not only & {"CellTransformer", "CellNames", "_take_mark", "_parsed"}
    idle(kernel)


# Magics in the cell.


def test_a_cell_with_our_magic_is_profiled_once_with_its_own_options(kernel: Kernel) -> None:
    arm(kernel, "a")
    outcome = kernel.run(f"%%cprofile --label mine --as kept\n{WORK}", cell_id="a")
    assert outcome.profile.meta.label == "mine"
    assert look(kernel, "kept is _profile") is True
    idle(kernel)
    arm(kernel, "a")
    refused = kernel.run(f"%%cprofile -x\n{WORK}", cell_id="a")
    assert refused.ename == "UsageError" and refused.profiles == []
    idle(kernel)


def test_a_cell_with_our_magic_is_profiled_otherwise_when_that_is_asked_for(kernel: Kernel) -> None:
    again = f"{CALL.replace('arm', 'again')}.again(['a'], '%%cprofile --lines')"
    text = f"%%cprofile --label mine\n{WORK}"
    assert number(kernel.evaluate(again)) == 0
    outcome = kernel.run(text, cell_id="a")
    assert outcome.profile.meta.label == ""
    assert outcome.profile.lines.rows > 0
    # Once, and of this cell alone.
    outcome = kernel.run(text, cell_id="a")
    assert outcome.profile.meta.label == "mine"
    assert outcome.profile.lines.rows == 0
    assert number(kernel.evaluate(again)) == 0
    assert kernel.run(text, cell_id="b").profile.meta.label == "mine"
    assert disarm(kernel, "a") == 1
    idle(kernel)


@pytest.mark.parametrize(
    "magic", ["%%time", "%%bash", "%%capture kept", "%%timeit -n2 -r1", "%%html", "%%prun -q"]
)
def test_another_cell_magic_is_profiled_as_below_our_own(kernel: Kernel, magic: str) -> None:
    def rows(outcome: Outcome) -> set[tuple[str, int]]:
        profile = outcome.profile
        names = [function.qualified for function in profile.functions]
        return {(name, calls(profile, name)) for name in names if name in ("low", "<module>")}

    text = f"{magic}\n" + ("echo hello" if magic == "%%bash" else WORK)
    kernel.run(text)  # what magics import, they import once
    below = kernel.run(f"%%cprofile\n{text}")
    arm(kernel, "a")
    armed = kernel.run(text, cell_id="a")
    assert (armed.status, below.status) == ("ok", "ok")
    assert rows(armed) == rows(below) != set()
    ran = {"InteractiveShell.run_cell_magic", "ZMQInteractiveShell.run_cell_magic"}
    assert ran & {function.qualified for function in armed.profile.functions}
    idle(kernel)


def test_another_profiler_that_is_active_is_left_alone(kernel: Kernel) -> None:
    kernel.run("import sys\ndef hook(*a): pass\ndef seen(): pass")
    arm(kernel, "a")
    outcome = kernel.run(
        "sys.setprofile(hook)\nget_ipython().run_cell('seen()', cell_id='a')\n"
        "kept = sys.getprofile() is hook\nsys.setprofile(None)\nprint(kept)"
    )
    assert "True" in outcome.stream()
    if NEW:
        assert calls(outcome.profile, "seen") == 1
    else:  # one profiler a thread: refused in one line
        assert outcome.profiles == []
        (line,) = outcome.stream("stderr").strip().splitlines()
        assert line.startswith("UsageError: the cell cannot be profiled: this thread")
    idle(kernel)


# What the call itself does.

TRACE = (
    "sorted(get_ipython().user_ns), sorted(get_ipython().user_ns_hidden),"
    " get_ipython().execution_count, len(In), sorted(Out), repr((_, __, ___, _i, _ii)),"
    " len(get_ipython().history_manager.input_hist_raw),"
    " repr(__import__('sys').last_value), id(__import__('sys').last_traceback)"
)


def test_the_call_leaves_no_trace(fresh: Kernel) -> None:
    fresh.run("5")
    fresh.run("1 / 0")
    before = look(fresh, TRACE)
    assert arm(fresh, "a", "b") == 1
    assert look(fresh, TRACE) == before
    assert arm(fresh, "a") == 0
    assert disarm(fresh, "a", "b") == 2
    assert look(fresh, TRACE) == before


@pytest.mark.parametrize("cells", ["'a'", "['a', 1]", "None", "('a',)"])
@pytest.mark.parametrize("function", ["arm", "disarm"])
def test_what_is_no_list_of_ids_is_refused_in_one_line(
    fresh: Kernel, function: str, cells: str
) -> None:
    reply = fresh.evaluate(f"{CALL}.{function}({cells})")
    assert (reply["status"], reply["ename"]) == ("error", "TypeError")
    assert reply["evalue"].startswith("expected a list of cell ids") and cells in reply["evalue"]
    assert look(fresh, "'jupyterlab_profiler.extension' in __import__('sys').modules") is False


def test_disarm_loads_nothing(fresh: Kernel) -> None:
    before = look(fresh, REGISTERED)
    assert disarm(fresh, "a") == 0
    assert look(fresh, REGISTERED) == before
    assert arm(fresh, "a") == 1


def test_without_a_shell_there_is_nothing_to_arm() -> None:
    code = (
        "import sys\nfrom jupyterlab_profiler.remote import arm, disarm\n"
        "assert disarm(['a']) == 0 and 'IPython' not in sys.modules\narm(['a'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stderr.splitlines()[-1] == (
        "RuntimeError: there is no IPython shell here, so no cell can be profiled"
    )


# Whose the magics are.


def test_where_the_names_are_free_the_magics_are_there(fresh: Kernel) -> None:
    arm(fresh)
    assert calls(fresh.run(f"%%cprofile\n{WORK}").profile, "low") == 5
    assert calls(fresh.run("%cprofile low(1)").profile, "low") == 1


def test_load_ext_after_the_button_changes_nothing_and_says_nothing(fresh: Kernel) -> None:
    before = look(fresh, REGISTERED)
    arm(fresh, "a")
    armed = look(fresh, REGISTERED)
    for command in ("%load_ext", "%reload_ext"):
        loaded = fresh.run(f"{command} jupyterlab_profiler")
        assert (loaded.status, loaded.outputs) == ("ok", [])
        assert list(look(fresh, REGISTERED)[1:]) == list(armed[1:])
        arm(fresh, "a")
        assert len(fresh.run(f"%%cprofile\n{WORK}", cell_id="a").profiles) == 1
    arm(fresh, "a", "b")
    unloaded = fresh.run("%unload_ext jupyterlab_profiler")
    assert (unloaded.status, unloaded.outputs) == ("ok", [])
    assert look(fresh, REGISTERED) == before
    assert fresh.run(WORK, cell_id="a").profiles == []
    assert arm(fresh, "b") == 1
    assert look(fresh, REGISTERED)[1:] == armed[1:]
    assert len(fresh.run(WORK, cell_id="b").profiles) == 1
    assert fresh.run(WORK, cell_id="a").profiles == []


def test_the_button_after_load_ext_loads_nothing(fresh: Kernel) -> None:
    fresh.run("%load_ext jupyterlab_profiler")
    before = look(fresh, REGISTERED)
    assert arm(fresh, "a") == 0
    assert look(fresh, REGISTERED) == before
    assert len(fresh.run(WORK, cell_id="a").profiles) == 1


@pytest.mark.parametrize("kind", ["line", "cell", "line_cell"])
def test_a_magic_of_somebody_elses_stays_until_load_ext(fresh: Kernel, kind: str) -> None:
    fresh.run(
        "def theirs(line, cell=None): return 'theirs', line, cell\n"
        f"get_ipython().register_magic_function(theirs, {kind!r}, 'cprofile')\n" + WORK
    )
    before = look(fresh, REGISTERED)
    arm(fresh, "a")

    in_line = fresh.run("%cprofile -q low(1)")
    in_cell = fresh.run("%%cprofile -q\nlow(1)")
    theirs = {"line": "('theirs', '-q low(1)', None)", "cell": "('theirs', '-q', 'low(1)\\n')"}
    assert in_line.result == (theirs["line"] if kind != "cell" else None)
    assert in_cell.result == (theirs["cell"] if kind != "line" else "[1]")

    # Theirs is a cell magic like others: the cell is profiled as a whole.
    outcome = fresh.run("%%cprofile -q\nlow(1)", cell_id="a")
    if kind == "line":
        assert outcome.profiles == [] and outcome.result == "[1]"
    else:
        assert outcome.result == theirs["cell"]
        assert calls(outcome.profile, "theirs") == 1

    said = fresh.run("%load_ext jupyterlab_profiler").stream()
    signs = {"line": ["%"], "cell": ["%%"], "line_cell": ["%", "%%"]}[kind]
    assert [line.split(" of ")[0] for line in said.splitlines()] == [
        f"jupyterlab_profiler: {sign}cprofile" for sign in signs
    ]
    assert said.count("is replaced; %unload_ext jupyterlab_profiler gives it back.") == len(signs)
    assert len(fresh.run("%cprofile low(1)").profiles) == 1
    assert len(fresh.run("%%cprofile\nlow(1)").profiles) == 1

    fresh.run("%unload_ext jupyterlab_profiler")
    assert look(fresh, REGISTERED) == before


def test_a_magic_that_ipython_would_load_from_elsewhere_stays(fresh: Kernel) -> None:
    fresh.run(
        "import sys, types\n"
        "def theirs(line, cell=None): return 'theirs'\n"
        "module = sys.modules['elsewhere'] = types.ModuleType('elsewhere')\n"
        "module.load_ipython_extension = lambda ip: "
        "ip.register_magic_function(theirs, 'line_cell', 'cprofile')\n"
        "get_ipython().magics_manager.lazy_magics['cprofile'] = 'elsewhere'\n" + WORK
    )
    arm(fresh, "a")
    assert len(fresh.run(WORK, cell_id="a").profiles) == 1
    assert fresh.run("%%cprofile\nlow(1)").result == "'theirs'"
    assert fresh.run("%cprofile low(1)").result == "'theirs'"


def test_a_magic_that_came_after_ours_is_theirs(fresh: Kernel) -> None:
    arm(fresh)
    fresh.run(
        "def theirs(line, cell=None): return 'theirs'\n"
        "get_ipython().register_magic_function(theirs, 'line_cell', 'cprofile')"
    )
    assert fresh.run("%%cprofile\n1").result == "'theirs'"
    assert arm(fresh) == 0
    assert fresh.run("%%cprofile\n1").result == "'theirs'"


def test_a_part_that_was_taken_away_is_put_back(fresh: Kernel) -> None:
    arm(fresh)
    before = look(fresh, REGISTERED)
    fresh.run(
        "ip = get_ipython()\n"
        "ip.ast_transformers[:] = [t for t in ip.ast_transformers if 'CellTransformer' not in repr(t)]\n"
        "del ip.input_transformer_manager.line_transforms[0]\n"
        "for callbacks in ip.events.callbacks.values():\n"
        "    callbacks[:] = [c for c in callbacks if 'jupyterlab_profiler' not in repr(c)]"
    )
    assert look(fresh, REGISTERED) != before
    assert arm(fresh, "a") == 0
    assert look(fresh, REGISTERED) == before
    assert len(fresh.run(WORK, cell_id="a").profiles) == 1


def test_statements_and_blocks_know_the_cell_that_they_stand_in(kernel: Kernel) -> None:
    """What a reader chose in their results is kept by the cell's id."""
    kernel.run("%load_ext jupyterlab_profiler")
    block = (
        "from jupyterlab_profiler import profile\nwith profile('b') as p: len('abc')\ndisplay(p)"
    )
    for cell, code in {"s1": "%cprofile len('abc')", "b1": block}.items():
        outcome = kernel.run(code, cell_id=cell)
        assert outcome.profile.meta.source.cell == cell
    assert kernel.run("%cprofile len('abc')").profile.meta.source.cell is None
