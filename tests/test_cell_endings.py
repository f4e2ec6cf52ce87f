"""However a cell ends, it ends as without the profiler, its profile is shown, and nothing of ours stays behind."""

from __future__ import annotations

from pathlib import Path

import pytest
from kernels import Kernel, on_every_engine
from test_kernel_truth import NEW, calls, only_the_cells_own

#: One statement, so that an Interrupt strikes inside of it.
LOOP = (
    "def turn(i): return [i]\nfor i in range(10**9):\n    turn(i)\n"
    "    if i == 50: print('started', flush=True)"
)

#: What an interpreter looks like from outside: hooks, traces, tool ids, modules patched, files
#: written.
STATE = """
import sys, threading, os, IPython.core.interactiveshell as _shell, builtins
_ip = get_ipython()
_state = dict(
    profile=repr(sys.getprofile()), trace=repr(sys.gettrace()),
    thread_profile=repr(threading._profile_hook), displayhook=type(sys.displayhook).__qualname__,
    patched=sorted(set(vars(_shell)) & {'exec', 'eval'}),
    instance=sorted(name for name in vars(_ip) if name in ('run_ast_nodes', 'run_code',
    '_showtraceback')), tools=[sys.monitoring.get_tool(i) for i in range(6)] if hasattr(sys,
    'monitoring') else [], events=[sys.monitoring.get_events(i) if sys.monitoring.get_tool(i) else 0
    for i in range(6)]
        if hasattr(sys, 'monitoring') else [],
    excepthook=repr(sys.excepthook), sigint=repr(__import__('signal').getsignal(2)),
    files=sorted(os.listdir('.')), names=sorted(n for n in globals() if 'profil' in n.lower() and n
    != '_profile'), builtins=len(vars(builtins)), threads=sorted(t.name for t in
    threading.enumerate() if 'Thread-' not in t.name),
)
"""


def state(kernel: Kernel) -> object:
    kernel.run(STATE, silent=True)
    return kernel.value("_state")


ENDINGS = {
    "ok": ("1 + 1", None, "ok"),
    "error": ("def f():\n    1 / 0\nf()", None, "error"),
    "interrupt": (LOOP, "started", "interrupted"),
    "interrupt in a sleep": (
        "import time\nprint('started', flush=True)\ntime.sleep(30)",
        "started",
        "interrupted",
    ),
    "interrupt in an await": (
        "import asyncio\nprint('started', flush=True)\nawait asyncio.sleep(30)",
        "started",
        "interrupted",
    ),
    "exit": ("import sys\nsys.exit(3)", None, "exit"),
    "error after an await": ("import asyncio\nawait asyncio.sleep(0)\n1 / 0", None, "error"),
    "cancelled by its own hand": (
        "import asyncio\nraise asyncio.CancelledError()",
        None,
        "error",
    ),
}


@on_every_engine
@pytest.mark.parametrize(("body", "interrupt_at", "status"), ENDINGS.values(), ids=ENDINGS.keys())
def test_an_ending_is_shown_and_leaves_nothing_behind(
    kernel: Kernel, body: str, interrupt_at: str | None, status: str
) -> None:
    kernel.run("1")
    before = state(kernel)
    plain = kernel.run(f"# plain\n{body}", interrupt_at=interrupt_at)
    profiled = kernel.run(f"%%cprofile\n{body}", interrupt_at=interrupt_at)
    assert (profiled.status, profiled.ename) == (plain.status, plain.ename)
    assert profiled.profile.meta.status == status
    only_the_cells_own(profiled.profile)
    for text in (profiled.traceback, profiled.stream("stderr")):
        assert "jupyterlab_profiler" not in text
    assert state(kernel) == before


@on_every_engine
def test_an_interrupt_says_where(kernel: Kernel) -> None:
    outcome = kernel.run(f"%%cprofile\n{LOOP}", interrupt_at="started")
    profile = outcome.profile
    where = profile.meta.where
    assert where is not None and where.text == "KeyboardInterrupt"
    assert 2 <= where.line <= 5
    assert where.file is not None and profile.files[where.file].origin == "cell"
    assert calls(profile, "turn") > 0
    assert "_signal.default_int_handler" not in {f.qualified for f in profile.functions}
    assert outcome.displays[0]["text/plain"].startswith("Interrupted")


@on_every_engine
def test_an_interrupt_between_two_statements_is_one(kernel: Kernel) -> None:
    outcome = kernel.run(
        "%%cprofile\nip = get_ipython()\nrun_code = ip.run_code\n"
        "async def stop(*_, **more):\n    ip.run_code = run_code\n    raise KeyboardInterrupt\n"
        "ip.run_code = stop\n'never'"
    )
    kernel.run("vars(ip).pop('run_code', None)")
    meta = outcome.profile.meta
    assert (outcome.result, meta.status) == (None, "interrupted")
    assert meta.where is not None
    assert (meta.where.file, meta.where.text) == (None, "KeyboardInterrupt")


@on_every_engine
def test_an_error_says_where(kernel: Kernel) -> None:
    outcome = kernel.run("%%cprofile\n\ndef f():\n    1 / 0\nf()")
    where = outcome.profile.meta.where
    assert where is not None
    assert (where.line, where.text) == (4, "ZeroDivisionError: division by zero")


@on_every_engine
def test_the_raw_traceback_has_no_frame_of_ours(kernel: Kernel) -> None:
    look = (
        "import sys, traceback\n[frame.name for frame in traceback.extract_tb(sys.last_traceback)]"
    )
    for body in ("1 / 0", "import asyncio\nawait asyncio.sleep(0)\n1 / 0"):
        kernel.run(f"# plain\n{body}")
        plain = kernel.run(look).result
        kernel.run(f"%%cprofile\n{body}")
        assert kernel.run(look).result == plain == "['run_code', '<module>']"


@on_every_engine
def test_run_all_stops_at_an_error(kernel: Kernel) -> None:
    client = kernel.client
    first = client.execute("%%cprofile\nimport time; time.sleep(0.2); 1/0", stop_on_error=True)
    second = client.execute("'after'", stop_on_error=True)
    replies: dict[str, str] = {}
    while len(replies) < 2:
        message = client.get_shell_msg(timeout=20)
        if message["parent_header"].get("msg_id") in (first, second):
            replies[message["parent_header"]["msg_id"]] = message["content"]["status"]
    assert replies == {first: "error", second: "aborted"}


@on_every_engine
def test_history_holds_what_was_typed(kernel: Kernel) -> None:
    kernel.run("%%cprofile -q\n5")
    typed = kernel.run(
        "list(get_ipython().history_manager.get_range(0, -2, None, raw=True))[0][2]",
    ).result
    assert typed == repr("%%cprofile -q\n5")


@on_every_engine
def test_a_silent_request_shows_nothing_and_is_measured(kernel: Kernel) -> None:
    outcome = kernel.run("%%cprofile\ndef quiet(): pass\nquiet()", silent=True, store_history=False)
    assert outcome.outputs == []
    assert kernel.value("'quiet' in [f.name for f in _profile.functions]") is True


@on_every_engine
def test_a_cell_is_complete_when_its_body_is(kernel: Kernel) -> None:
    answers = []
    for code in ("%%cprofile\ndef f():", "%%cprofile\nx = 1\n\n"):
        kernel.client.is_complete(code)
        while (message := kernel.client.get_shell_msg(timeout=20))[
            "msg_type"
        ] != "is_complete_reply":
            pass
        answers.append(message["content"]["status"])
    assert answers == ["incomplete", "complete"]


@on_every_engine
def test_input_can_be_asked(kernel: Kernel) -> None:
    outcome = kernel.run("%%cprofile\nname = input('who? ')\nname * 2", answer="ab")
    assert outcome.result == "'abab'"
    assert len(outcome.profiles) == 1


@on_every_engine
def test_capture_above_captures_the_profile_too(kernel: Kernel) -> None:
    outcome = kernel.run("%%capture caught\n%%cprofile\ndef inside(): print('hi')\ninside()")
    assert outcome.status == "ok" and outcome.outputs == []
    assert kernel.value("caught.stdout") == "hi\n"
    assert kernel.value("len(caught.outputs)") == 1
    assert kernel.value("'inside' in [f.name for f in _profile.functions]") is True


@on_every_engine
def test_time_above_is_refused_in_one_line(kernel: Kernel) -> None:
    outcome = kernel.run("%%time\n%%cprofile\nprint('not run')")
    assert "not run" not in outcome.stream()
    assert "%%cprofile has to stand above" in outcome.stream("stderr")
    assert "Traceback" not in outcome.stream("stderr") and outcome.traceback == ""


@on_every_engine
def test_run_cell_magic_by_a_program(kernel: Kernel) -> None:
    outcome = kernel.run(
        "def inner(i): return i\nget_ipython().run_cell_magic('cprofile', '', 'inner(1)\\ninner(2)\\n7')"
    )
    assert outcome.status == "ok", outcome.traceback
    assert calls(outcome.profile, "inner") == 2


@on_every_engine
def test_run_cell_magic_raises_the_error_once(kernel: Kernel) -> None:
    outcome = kernel.run("get_ipython().run_cell_magic('cprofile', '', '1/0')")
    assert (outcome.status, outcome.ename) == ("error", "ZeroDivisionError")
    assert [kind for kind, _ in outcome.outputs].count("error") == 1
    assert outcome.profile.meta.status == "error"


@on_every_engine
def test_two_cells_in_a_row_do_not_mix(kernel: Kernel) -> None:
    first = kernel.run("%%cprofile\ndef one(): pass\none()")
    second = kernel.run("%%cprofile\ndef two(): pass\ntwo(); two()")
    assert (calls(first.profile, "one"), calls(second.profile, "two")) == (1, 2)
    assert calls(second.profile, "one") == 0


@on_every_engine
def test_a_nested_run_cell_does_not_end_the_profile(kernel: Kernel) -> None:
    outcome = kernel.run(
        "%%cprofile\ndef inner(i): return i\ninner(1)\nget_ipython().run_cell('inner(2)')\n"
        "inner(3); inner(4)"
    )
    assert calls(outcome.profile, "inner") == 4
    names = {function.qualified for function in outcome.profile.functions}
    assert not names & {"_owner", "CellCode.owns", "CellNames.note", "_take_mark"}
    assert not [name for name in names if name.startswith("CellTransformer.")]


@on_every_engine
def test_code_that_ipython_runs_for_the_cell_has_no_row_of_ours(
    kernel: Kernel, tmp_path: Path
) -> None:
    script = tmp_path / "script.py"
    script.write_text("async def f(): pass\nx = [1]\n")
    outcome = kernel.run(
        f"%%cprofile\n%run {script}\nget_ipython().ex('y = 1')\nget_ipython().run_cell('%time 1')\n"
        "get_ipython().run_cell('import asyncio; await asyncio.sleep(0)')"
    )
    assert outcome.status == "ok", outcome.traceback
    ours = [file for file in outcome.profile.files if "jupyterlab_profiler" in file.path]
    assert ours == []


@on_every_engine
def test_nested_in_itself(kernel: Kernel) -> None:
    outcome = kernel.run(
        "%%cprofile\ndef inner(i): return i\ninner(1)\n%cprofile inner(2)\ninner(3)"
    )
    if NEW:  # each has a tool id of its own
        inside, outside = outcome.profiles
        assert (calls(inside, "inner"), calls(outside, "inner")) == (1, 3)
        only_the_cells_own(inside)
        names = {function.qualified for function in outside.functions}
        assert not names & {"Session.__init__", "build", "mime_bundle", "choose"}
    else:  # one profiler a thread: refused in one line, which is an error of the cell
        assert outcome.status == "error"
        who = "another cProfile.Profile" if kernel.engine == "cprofile" else "jupyterlab_profiler"
        assert f"being profiled by {who} already" in outcome.stream("stderr")
        assert calls(outcome.profile, "inner") == 1


@on_every_engine
def test_prun_inside(kernel: Kernel) -> None:
    outcome = kernel.run(
        "%%cprofile\ndef inner(i): return i\ninner(1)\n%prun -q inner(2)\ninner(3)"
    )
    assert outcome.status == "ok", outcome.traceback
    codes = [warning.code for warning in outcome.profile.meta.warnings]
    if NEW:
        assert calls(outcome.profile, "inner") == 3
        assert "profiler-lost" not in codes
    else:
        assert "profiler-lost" in codes


@on_every_engine
def test_another_profiler_that_is_active_is_left_alone(kernel: Kernel) -> None:
    kernel.run("import sys\ndef hook(*a): pass\ndef seen(): pass")
    before = "sys.setprofile(hook)\nget_ipython().run_cell('%%cprofile\\nseen()')\n"
    outcome = kernel.run(
        f"{before}kept = sys.getprofile() is hook\nsys.setprofile(None)\nprint(kept)"
    )
    assert "True" in outcome.stream()
    if NEW:
        assert calls(outcome.profile, "seen") == 1
    else:
        assert outcome.profiles == []
        assert "profiled by __main__.hook already" in outcome.stream("stderr")


@on_every_engine
def test_taken_tool_ids_are_named(kernel: Kernel) -> None:
    if not NEW:
        return
    take = "import sys\nfor i in (3, 4): sys.monitoring.use_tool_id(i, f'other{i}')"
    kernel.run(take)
    try:
        outcome = kernel.run("%%cprofile\nprint('not run')")
        assert outcome.status == "error" and outcome.profiles == []
        assert "not run" not in outcome.stream()
        (line,) = outcome.stream("stderr").strip().splitlines()
        assert "'other4' (4)" in line and "'other3' (3)" in line
        assert kernel.value("sys.monitoring.get_tool(3)") == "other3"
    finally:
        kernel.run("for i in (3, 4): sys.monitoring.free_tool_id(i)")


def test_a_headless_run_keeps_the_result_and_stops_at_an_error(tmp_path: Path) -> None:
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    book = nbformat.v4.new_notebook()
    for source in (
        "%load_ext jupyterlab_profiler",
        "%%cprofile\ndef f(): return 1\nf()",
        "%%cprofile\n1 / 0",
        "'never'",
    ):
        book.cells.append(nbformat.v4.new_code_cell(source))
    client = NotebookClient(book, kernel_name="python3", resources={"metadata": {"path": tmp_path}})
    with pytest.raises(CellExecutionError):
        client.execute()
    good, bad, never = book.cells[1:]
    assert [output.output_type for output in good.outputs] == ["execute_result", "display_data"]
    assert [output.output_type for output in bad.outputs] == ["error", "display_data"]
    assert never.outputs == []
    assert "ncalls" in good.outputs[1].data["text/plain"]


@on_every_engine
def test_an_error_that_refuses_attributes_is_marked(kernel: Kernel) -> None:
    outcome = kernel.run(
        "%%cprofile\nclass E(Exception):\n    def __setattr__(self, *a): raise TypeError('no')\n"
        "raise E('mine')"
    )
    assert (outcome.ename, outcome.evalue) == ("E", "mine")
    assert outcome.profile.meta.status == "error"


@on_every_engine
def test_a_future_cancelled_by_the_cell_is_no_interrupt(kernel: Kernel) -> None:
    outcome = kernel.run(
        "%%cprofile\nimport asyncio\nt = asyncio.ensure_future(asyncio.sleep(9)); t.cancel()\nawait t"
    )
    assert outcome.ename == "CancelledError"
    assert outcome.profile.meta.status == "error"


MEDDLE = """
import ast
class Rebuild(ast.NodeTransformer):
    def visit_Module(self, node):
        for constant in ast.walk(node):
            if isinstance(constant, ast.Constant): constant.kind = None
        node.body[:0] = ast.parse('before = 1').body
        return node
class Reject(ast.NodeTransformer):
    def visit_Module(self, node):
        from IPython.core.error import InputRejected
        if 'reject me' in ast.unparse(node): raise InputRejected('rejected')
        return node
meddlers = [Rebuild(), Reject()]
get_ipython().ast_transformers.extend(meddlers)
"""


@on_every_engine
def test_other_transformers_do_not_switch_the_profile_off(kernel: Kernel) -> None:
    kernel.run(MEDDLE)
    try:
        outcome = kernel.run("%%cprofile\ndef f(): pass\nf()")
        assert calls(outcome.profile, "f") == 1
        rejected = kernel.run("%%cprofile\n'reject me'")
        assert rejected.status == "error" and rejected.profiles == []
        assert kernel.run("1").profiles == []
        assert kernel.value("'run_ast_nodes' in vars(get_ipython())") is False
        assert len(kernel.run("%%cprofile\n1").profiles) == 1
    finally:
        kernel.run("for m in meddlers: get_ipython().ast_transformers.remove(m)")


SLOW_RESULT = """
import time
from jupyterlab_profiler import wire
encode = wire.encode
def slowly(*args, **more):
    print("folding", flush=True)
    time.sleep(60)
wire.encode = slowly
"""


@pytest.mark.parametrize("of", ["cell", "statement"])
def test_interrupt_while_the_result_is_made_ready_leaves_its_text_and_files(
    kernel: Kernel, of: str
) -> None:
    kernel.run(SLOW_RESULT)
    options = f"-D {of}.prof -T {of}.txt"
    code = {
        "cell": f"%%cprofile {options}\nsum(range(3))",
        "statement": f"%cprofile {options} sum(range(3))\nprint('what follows')",
    }[of]
    outcome = kernel.run(code, interrupt_at="folding")
    kernel.run("wire.encode = encode")
    # An Interrupt ends what follows, of which a cell that has run to its end has nothing.
    assert outcome.ename == {"cell": None, "statement": "KeyboardInterrupt"}[of]
    assert "what follows" not in outcome.stream()
    assert "jupyterlab_profiler" not in outcome.traceback
    (shown,) = outcome.displays
    assert shown["text/plain"].startswith("Interrupted while the result was made ready")
    assert "function calls in" in shown["text/plain"]
    assert kernel.value("_profile.meta.status") == "ok"
    for file in (f"{of}.prof", f"{of}.txt"):
        assert (kernel.folder / "work" / file).stat().st_size > 0
