"""A profile holds the text of the functions of files that matter, and only text that ran."""

from __future__ import annotations

import ast
import json
import os
import textwrap
import time
import warnings
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from types import CodeType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kernels import Kernel

from jupyterlab_profiler.collect import filetext
from jupyterlab_profiler.collect.collector import CallRow
from jupyterlab_profiler.collect.files import NO_CELLS
from jupyterlab_profiler.collect.sources import (
    FEW,
    FILES_LIMIT,
    FUNCTION_LIMIT,
    FUNCTION_LINES,
    FUNCTIONS,
    PACKAGES_LIMIT,
    sources,
)
from jupyterlab_profiler.model import File, Function, Profile, Source

Move = Callable[[float], None]


@pytest.fixture
def began(monkeypatch: pytest.MonkeyPatch) -> Move:
    """Move the time at which the process began, in seconds from now."""

    def move(seconds: float) -> None:
        monkeypatch.setattr(filetext, "_began", lambda: time.time() + seconds)

    return move


def codes_of(text: str, path: Path) -> list[CodeType]:
    """All code objects of a text, in the order in which they begin."""
    found = [compile(text, str(path), "exec", dont_inherit=True)]
    for code in found:
        found += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return sorted(found[1:], key=lambda code: code.co_firstlineno)


def of_files(codes: list[CodeType], origin: str = "file") -> dict[str, list[Source]]:
    """The blocks of each file when these functions ran, the hottest first."""
    paths = list(dict.fromkeys(code.co_filename for code in codes))
    files = [File(path, origin=origin) for path in paths]
    functions = [
        Function(code.co_name, code.co_qualname, paths.index(code.co_filename), code.co_firstlineno)
        for code in codes
    ]
    totals = {
        index: CallRow(code, 1, 0, len(codes) - index, len(codes) - index)
        for index, code in enumerate(codes)
    }
    found: dict[str, list[Source]] = {path: [] for path in paths}
    for source in sources(files, functions, totals, NO_CELLS):
        found[paths[source.file]].append(source)
    return found


def shown(codes: list[CodeType]) -> str:
    """The text of one file that is shown when these functions ran."""
    return "".join(block.text for block in of_files(codes)[codes[0].co_filename])


def lines_of(block: Source) -> range:
    return range(block.line, block.line + block.text.count("\n"))


SHAPES = {
    "plain": "def {0}(x):\n    return x\n",
    "decorated": "@keep\n@keep(\n    1\n)\ndef {0}(x):\n    return call(\n        x,\n    )\n",
    "nested": "def {0}(x):\n    def inner(y):\n        return [y for y in x]\n    return inner\n",
    "class": "class {0}:\n    def method(self):\n        return {{\n            1: 2,\n        }}\n",
    "await": "async def {0}(x):\n    async with x:\n        await x\n",
    "generic": "def {0}(x):\n    yield from (\n        y\n        for y in x\n    )\n",
    "gap": "\n# a comment about {0}\n\n",
    "statement": "{0} = 1\n",
}


@st.composite
def module_texts(draw: st.DrawFn) -> str:
    parts = []
    for number in range(draw(st.integers(1, 60))):
        kind = draw(st.sampled_from([*SHAPES, "long", "wide"]))
        if kind == "long":
            body = "    x += 1\n" * draw(st.integers(1, 2 * FUNCTION_LINES))
            parts.append(f"def f{number}(x):\n{body}")
        elif kind == "wide":
            comment = "#" * draw(st.integers(1, FUNCTION_LIMIT + 100))
            parts.append(f"def f{number}(x):\n    return x  {comment}\n")
        else:
            parts.append(SHAPES[kind].format(f"f{number}"))
    return "".join(parts)


def extents(text: str) -> dict[tuple[str, int], int]:
    """The last line of each function and class, by name and first line, as the parser has it."""
    return {
        (node.name, min(node.lineno, *(d.lineno for d in node.decorator_list), node.lineno)): (
            node.end_lineno or 0
        )
        for node in ast.walk(ast.parse(text))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    }


@settings(deadline=None)
@given(text=module_texts(), order=st.randoms(use_true_random=False), touched=st.booleans())
def test_blocks_are_the_lines_of_the_hottest_functions(
    tmp_path_factory: pytest.TempPathFactory, text: str, order: object, touched: bool
) -> None:
    path = tmp_path_factory.getbasetemp() / "property.py"
    path.write_text(text, encoding="utf-8")
    lines = text.splitlines(keepends=True)
    codes = codes_of(text, path)
    order.shuffle(codes)  # type: ignore[attr-defined]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(filetext, "_began", lambda: time.time() + (-1000 if touched else 1000))
        blocks = of_files(codes)[str(path)] if codes else []

    assert sum(len(block.text) for block in blocks) <= FILES_LIMIT
    for block in blocks:
        assert block.text == "".join(lines[line - 1] for line in lines_of(block)) != ""
    for one, next_one in pairwise(blocks):
        assert lines_of(one).stop < next_one.line

    have = {line for block in blocks for line in lines_of(block)}
    last = extents(text)
    spent: set[int] = set()
    for code in codes[:FUNCTIONS]:
        first = code.co_firstlineno
        end = last.get((code.co_name, first))
        if end is None:  # a comprehension: in an expression, of which the parser knows more
            continue
        wanted: list[int] = []
        for line in range(first, min(end, first + FUNCTION_LINES - 1) + 1):
            if sum(len(lines[n - 1]) for n in (*wanted, line)) > FUNCTION_LIMIT:
                break
            wanted.append(line)
        spent.update(wanted)
        if sum(len(lines[line - 1]) for line in spent) > FILES_LIMIT - FUNCTION_LIMIT:
            break
        assert set(wanted) <= have, code.co_qualname
    for line in have:
        assert any(
            code.co_firstlineno <= line < code.co_firstlineno + FUNCTION_LINES for code in codes
        )


def test_the_coldest_are_left_out(tmp_path: Path, began: Move) -> None:
    began(1000)
    body = "    # what it does\n" * 20
    text = "".join(f"def f{number}():\n{body}    return {number}\n\n\n" for number in range(200))
    path = tmp_path / "many.py"
    path.write_text(text)
    codes = codes_of(text, path)
    names = [line for line in shown(codes).splitlines() if line.startswith("def ")]
    assert names == [f"def f{number}():" for number in range(FUNCTIONS)]
    long = text.replace("# what it does", "# what it does, in very many words indeed")
    path.write_text(long)
    codes = codes_of(long, path)
    names = [line for line in shown(codes).splitlines() if line.startswith("def ")]
    assert 10 < len(names) < FUNCTIONS
    assert names == [f"def f{number}():" for number in range(len(names))]


def test_half_is_chosen_by_self_time_and_half_by_total_time(tmp_path: Path, began: Move) -> None:
    began(1000)
    text = "".join(f"def f{n}():\n    return {n}\n\n" for n in range(4 * FUNCTIONS))
    path = tmp_path / "both.py"
    path.write_text(text)
    codes = codes_of(text, path)
    totals = {
        index: CallRow(
            code,
            1,
            0,
            total_ns=5000 - index,
            self_ns=1000 if index >= 3 * FUNCTIONS else 0,
        )
        for index, code in enumerate(codes)
    }
    functions = [Function(code.co_name, code.co_name, 0) for code in codes]
    found = sources([File(str(path))], functions, totals, NO_CELLS)
    names = {line[5:-3] for block in found for line in block.text.splitlines() if "def" in line}
    wanted = [*range(FUNCTIONS), *range(3 * FUNCTIONS, 4 * FUNCTIONS)]
    assert names == {f"f{number}"[1:] for number in wanted}


@pytest.mark.parametrize(
    ("origin", "kept"),
    [("file", True), ("package", True), ("stdlib", True), ("frozen", False), ("none", False)],
)
def test_what_has_a_file_is_kept(tmp_path: Path, began: Move, origin: str, kept: bool) -> None:
    began(1000)
    path = tmp_path / "a.py"
    path.write_text("def f(): pass\n")
    blocks = of_files(codes_of("def f(): pass\n", path), origin)[str(path)]
    assert [block.text for block in blocks] == (["def f(): pass\n"] if kept else [])


BEFORE = "def first():\n    return 1\n\ndef second():\n    return 2\n"


@pytest.mark.parametrize(
    ("now", "left"),
    [
        (BEFORE, BEFORE.replace("\n\n", "\n")),
        # Equal code at the same lines is what ran, whatever stands around it.
        (f"{BEFORE}\n# more\ndef third(): pass\n", BEFORE.replace("\n\n", "\n")),
        (BEFORE.replace("return 2", "return 3"), "def first():\n    return 1\n"),
        (BEFORE.replace("return 1", "return 2"), "def second():\n    return 2\n"),
        (f"import os\n{BEFORE}", ""),
        (BEFORE.replace("first", "other"), "def second():\n    return 2\n"),
        ("def first(:\n", ""),
        ("", ""),
        ("(" * 100_000, ""),
        ("\0", ""),
    ],
)
def test_a_file_that_changed_while_the_process_ran_shows_what_ran(
    tmp_path: Path, began: Move, now: str, left: str
) -> None:
    began(-1000)
    path = tmp_path / "edited.py"
    path.write_text(now)
    assert shown(codes_of(BEFORE, path)) == left


def test_old_times_do_not_make_a_new_file_old(tmp_path: Path, began: Move) -> None:
    began(-1000)
    path = tmp_path / "copied.py"
    path.write_text(BEFORE.replace("return 2", "return 3"))
    os.utime(path, (1, 1))  # as cp -p, rsync and package managers do
    assert shown(codes_of(BEFORE, path)) == "def first():\n    return 1\n"


def test_a_name_that_is_not_in_its_lines_is_left_out(tmp_path: Path, began: Move) -> None:
    """Template engines and the like name a file that their code was not made of."""
    began(1000)
    path = tmp_path / "template.html"
    path.write_text("<p>\n  def is a word\n</p>\n" * 9)
    assert (
        shown(codes_of("\ndef render():\n    return [x for x in 'ab']\nf = lambda: 1\n", path))
        == ""
    )


def test_a_relative_name_is_not_trusted_for_its_age(
    tmp_path: Path, began: Move, monkeypatch: pytest.MonkeyPatch
) -> None:
    began(1000)
    monkeypatch.chdir(tmp_path)
    Path("script.py").write_text(BEFORE.replace("return 2", "return 3"))
    assert shown(codes_of(BEFORE, Path("script.py"))) == "def first():\n    return 1\n"


def unreadable(path: Path, how: str) -> None:
    match how:
        case "missing":
            pass
        case "folder":
            path.mkdir()
        case "fifo":
            os.mkfifo(path)
        case "binary":
            path.write_bytes(bytes(range(256)) * 9)
        case "other encoding":
            path.write_bytes(b"# \xe9\n" + BEFORE.encode())
        case "unknown encoding":
            path.write_bytes(b"# coding: nonsense\n" + BEFORE.encode())
        case "no text encoding":
            path.write_bytes(b"# coding: rot13\n" + BEFORE.encode())
        case "too large":
            path.write_text(BEFORE + "#" * 3_000_000)
        case "shorter":
            path.write_text("def")
        case "link to itself":
            path.symlink_to(path)


UNREADABLE = [
    "missing",
    "folder",
    "binary",
    "other encoding",
    "unknown encoding",
    "no text encoding",
    "too large",
    "shorter",
    *(["fifo", "link to itself"] if os.name == "posix" else []),
]


@pytest.mark.parametrize("touched", [True, False])
@pytest.mark.parametrize("how", UNREADABLE)
def test_what_cannot_be_read_is_left_out(
    tmp_path: Path, began: Move, how: str, touched: bool
) -> None:
    began(-1000 if touched else 1000)
    path, good = tmp_path / "bad.py", tmp_path / "good.py"
    unreadable(path, how)
    good.write_text(BEFORE)
    found = of_files([*codes_of(BEFORE, path), *codes_of(BEFORE, good)])
    assert found[str(path)] == []
    assert len(found[str(good)]) == 2


@pytest.mark.parametrize("name", ["a\0b.py", "\udce9.py", "x" * 5000, "archive.zip/mod.py"])
def test_a_name_that_no_file_has_is_left_out(name: str) -> None:
    codes = [code.replace(co_filename=name) for code in codes_of(BEFORE, Path("a.py"))]
    assert of_files(codes) == {name: []}


def test_encodings_and_line_ends_are_read_as_python_does(tmp_path: Path, began: Move) -> None:
    began(-1000)
    path = tmp_path / "old.py"
    text = "# coding: latin-1\ndef f():\n    return 'é'\n\x0c\ndef g():\n    return 'ü'\n"
    path.write_bytes(text.replace("\n", "\r\n").encode("latin-1"))
    blocks = of_files(codes_of(text, path))[str(path)]
    assert [(block.line, block.text) for block in blocks] == [
        (2, "def f():\n    return 'é'\n"),
        (5, "def g():\n    return 'ü'\n"),
    ]


def test_what_the_compiler_warns_of_is_not_said_again(tmp_path: Path, began: Move) -> None:
    began(-1000)
    path = tmp_path / "warns.py"
    text = "def f(x):\n    return x is 1, '\\d'\n"
    path.write_text(text)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        codes = codes_of(text, path)
        assert len(said) == 2
        before = list(warnings.filters)
        assert shown(codes) == text
        assert len(said) == 2
        assert list(warnings.filters) == before


# In a kernel.


def texts(profile: Profile, path: str) -> list[tuple[int, str]]:
    return [
        (source.line, source.text)
        for source in profile.sources
        if profile.files[source.file].path == path
    ]


def test_of_packages_what_takes_next_to_nothing_is_left_out(tmp_path: Path, began: Move) -> None:
    began(1000)
    path = tmp_path / "package.py"
    functions_of_text = [f"def f{number}(x):\n    return x\n" for number in range(2 * FEW)]
    path.write_text("".join(functions_of_text))
    codes = codes_of(path.read_text(), path)
    functions = [Function(code.co_name, "", 0, code.co_firstlineno) for code in codes]
    times = {0: (10_000, 10_000), 2 * FEW - 2: (1, 2000), 2 * FEW - 1: (100, 100)}  # own, total
    rows = {
        index: CallRow(code, 1, 0, *reversed(times.get(index, (FEW - index, FEW - index))))
        for index, code in enumerate(codes)
    }

    def text(origin: str) -> str:
        blocks = sources([File(str(path), origin=origin)], functions, rows, NO_CELLS)
        return "".join(block.text for block in blocks)

    # The first ones by own time, and one more for what it took in all.
    kept = [*range(FEW - 1), 2 * FEW - 2, 2 * FEW - 1]
    assert text("package") == "".join(functions_of_text[index] for index in kept)
    assert text("file") == path.read_text()


def test_of_packages_less_is_kept_than_of_own_files(tmp_path: Path, began: Move) -> None:
    began(1000)
    path = tmp_path / "long.py"
    body = "    x += 1  # and so on, over and over\n" * 100
    path.write_text("".join(f"def f{number}(x):\n{body}" for number in range(FEW - 1)))
    codes = codes_of(path.read_text(), path)
    functions = [Function(code.co_name, "", 0, code.co_firstlineno) for code in codes]
    rows = {index: CallRow(code, 1, 0, 9 - index, 9 - index) for index, code in enumerate(codes)}

    def length(origin: str) -> int:
        blocks = sources([File(str(path), origin=origin)], functions, rows, NO_CELLS)
        return sum(len(block.text) for block in blocks)

    assert PACKAGES_LIMIT - FUNCTION_LIMIT < length("package") <= PACKAGES_LIMIT
    assert length("package") == length("stdlib")
    assert FILES_LIMIT - FUNCTION_LIMIT < length("file") <= FILES_LIMIT


def test_the_standard_library_is_there(kernel: Kernel) -> None:
    outcome = kernel.run("%%cprofile\nimport textwrap\ntextwrap.wrap('some words ' * 30)")
    lines = Path(textwrap.__file__).read_text(encoding="utf-8").splitlines(keepends=True)
    blocks = texts(outcome.profile, textwrap.__file__)
    assert any("def _wrap_chunks(self, chunks):\n" in text for _, text in blocks)
    for first, text in blocks:
        assert text == "".join(lines[first - 1 : first - 1 + text.count("\n")])
    (cell,) = [source for source in outcome.profile.sources if "%%cprofile" in source.text]
    assert outcome.profile.files[cell.file].origin == "cell"


def test_a_module_that_is_edited_while_the_kernel_runs(kernel: Kernel) -> None:
    path = kernel.folder / "work" / "edited_module.py"
    path.write_text(BEFORE)
    run = "%%cprofile\nimport edited_module\nedited_module.first(), edited_module.second()"
    path_seen = str(path)
    # Written a moment ago, after the kernel began: compiled, and found to be what ran.
    assert [line for line, _ in texts(kernel.run(run).profile, path_seen)] == [1, 4]
    path.write_text(BEFORE.replace("return 2", "return 22"))
    assert texts(kernel.run(run).profile, path_seen) == [(1, "def first():\n    return 1\n")]
    path.write_text(f"import os\n\n{BEFORE}")
    assert texts(kernel.run(run).profile, path_seen) == []
    kernel.run("import importlib; importlib.reload(edited_module)")
    assert [line for line, _ in texts(kernel.run(run).profile, path_seen)] == [3, 6]
    path.unlink()
    outcome = kernel.run(run)
    assert outcome.result == "(1, 2)"
    assert texts(outcome.profile, path_seen) == []


def test_a_script_that_was_run_is_there_without_what_stands_outside_of_functions(
    kernel: Kernel,
) -> None:
    """At a module's top level there may be a password."""
    path = kernel.folder / "work" / "a_script.py"
    text = "def run_it():\n    return sum(range(3_000_000))\n"
    path.write_text(f"{text}PASSWORD = 'hunter2'\nrun_it()\n")
    profile = kernel.run("%%cprofile\n%run a_script.py").profile
    assert texts(profile, str(path)) == [(1, text)]


def test_the_session_does_not_notice(kernel: Kernel) -> None:
    path = kernel.folder / "work" / "quiet_module.py"
    path.write_text("def f(x):\n    return x\n\nprint('imported')\n")
    kernel.run("import quiet_module, linecache, sys, warnings")
    look = (
        "list(map(repr, warnings.filters)), len(sys.modules), list(linecache.cache).count("
        f"{str(path)!r}), sorted(name for name in globals() if name[0] != '_')"
    )
    kernel.run("%%cprofile -q\nquiet_module.f(1)")
    before = kernel.value(look)
    outcome = kernel.run("%%cprofile\nquiet_module.f(1)")
    assert texts(outcome.profile, str(path)) == [(1, "def f(x):\n    return x\n")]
    assert [kind for kind, _ in outcome.outputs] == ["execute_result", "display_data"]
    assert kernel.value(look) == before
    assert before[2] == 0


def test_whoever_forbids_to_read_does_not_cost_the_profile(kernel: Kernel) -> None:
    kernel.run(
        "import textwrap, tokenize\nkept = tokenize.open\n"
        "def forbidden(*a): raise RuntimeError('forbidden')"
    )
    outcome = kernel.run("%%cprofile\ntextwrap.wrap('a b')\ntokenize.open = forbidden")
    kernel.run("tokenize.open = kept")
    assert outcome.profile.meta.status == "ok" and outcome.stream("stderr") == ""
    assert texts(outcome.profile, textwrap.__file__) == []


def test_code_under_another_files_name_is_left_out(kernel: Kernel) -> None:
    outcome = kernel.run(
        "import json\nmade = {}\n"
        "exec(compile('def dumps(): return 1', json.__file__, 'exec'), made)\n"
        "%cprofile made['dumps']()"
    )
    assert calls_in(outcome.profile, "dumps") == 1
    assert texts(outcome.profile, json.__file__) == []


def calls_in(profile: Profile, name: str) -> int:
    return sum(function.name == name for function in profile.functions)
