"""What can be named to have its lines recorded, and what is refused in which words."""

from __future__ import annotations

import functools
import math
import sys
import types
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from lined import ENGINES, Lined, make, record

from jupyterlab_profiler.collect.lines.targets import functions_of

pytestmark = pytest.mark.usefixtures("nothing_stays")


def plain() -> int:
    return 1


def through(function: Any) -> Any:
    @functools.wraps(function)
    def wrapper() -> Any:
        return function()

    return wrapper


@through
@through
def decorated() -> int:
    return 2


@functools.lru_cache
def cached() -> int:
    return 3


class Shape:
    sides = 4
    imported = math
    kind = int

    def method(self) -> int:
        return 1

    @staticmethod
    def static() -> int:
        return 2

    @classmethod
    def of_class(cls) -> int:
        return 3

    @property
    def size(self) -> int:
        return 4

    @size.setter
    def size(self, value: int) -> None:
        self.given = value

    @functools.cached_property
    def once(self) -> int:
        return 5

    @through
    def wrapped(self) -> int:
        return 6

    half = functools.partialmethod(method)

    class Inner:
        def deep(self) -> int:
            return 7

    def __call__(self) -> int:
        return 8


def names(target: object) -> list[str]:
    return sorted(function.__qualname__.split(".")[-1] for function in functions_of(target))


@pytest.mark.parametrize(
    ("target", "found"),
    [
        (plain, ["plain"]),
        (decorated, ["decorated"]),
        (cached, ["cached"]),
        (Shape.method, ["method"]),
        (Shape().method, ["method"]),
        (Shape.of_class, ["of_class"]),
        (vars(Shape)["static"], ["static"]),
        (vars(Shape)["of_class"], ["of_class"]),
        (Shape.size, ["size", "size"]),
        (vars(Shape)["once"], ["once"]),
        (functools.partial(functools.partial(plain)), ["plain"]),
        (Shape.Inner, ["deep"]),
        (
            Shape,
            ["__call__", "deep", "method", "of_class", "once", "size", "size", "static", "wrapped"],
        ),
        (lambda: 1, ["<lambda>"]),
    ],
)
def test_functions_are_found_in_what_holds_them(target: object, found: list[str]) -> None:
    assert names(target) == found


def test_of_a_module_it_is_what_is_defined_there() -> None:
    module = types.ModuleType("made")
    exec(
        "import functools, json\nfrom json import dumps\nfrom json import JSONEncoder\n"
        "def own(): pass\n"
        "@functools.lru_cache\ndef cached(): pass\n"
        "class Own:\n    def method(self): pass\n",
        vars(module),
    )
    assert names(module) == ["cached", "method", "own"]


def test_what_wraps_itself_ends() -> None:
    def endless() -> None:
        pass

    endless.__wrapped__ = endless  # type: ignore[attr-defined]  # as functools has it
    with pytest.raises(ValueError, match="function"):
        functions_of(endless)


def generator() -> Iterator[int]:
    yield 1


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (len, "len is not written in Python .*: write the Python function that calls it"),
        ([].append, "list.append is not written in Python"),
        (str.upper, "str.upper is not written in Python"),
        (int, "the class int has no functions .* write a function, method, class or module"),
        (math, "the module math has no functions"),
        ("plain", "'plain' is a text: write the function itself, without quotes"),
        (3, "this is of the type int: write a function, method"),
        (None, "this is of the type NoneType: write a function"),
        (generator(), "this is a generator that was made already: write the function, generator"),
        (plain.__code__, "code object of plain: write the function"),
        (Shape(), "an object of the class Shape: write Shape.__call__, or the class"),
        (property(), "this is of the type property: write a function"),
        (mock.Mock(), "this is of the type Mock"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else type(value).__name__,
)
@pytest.mark.parametrize("engine", ENGINES)
def test_what_has_no_lines_is_refused_in_words(engine: str, target: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make(engine).add(target)


@pytest.mark.parametrize("engine", ENGINES)
def test_members_of_a_class_have_hits(engine: str) -> None:
    def run() -> None:
        shape = Shape()
        shape.method()
        shape.static()
        Shape.of_class()
        shape.size = shape.size
        _ = shape.once, shape.once
        shape.half()

    code = Shape.method.__code__
    lined = record(engine, run, Shape)
    hits = {
        row.code.co_qualname.split(".")[-1]: row.hits
        for row in lined.recording.rows
        if row.line > row.code.co_firstlineno + 1 or row.code.co_name == "method"
    }
    assert hits == {"method": 2, "static": 1, "of_class": 1, "size": 1, "once": 1}
    assert Shape.method.__code__ is code
    assert lined.recording.lost == 0


@pytest.mark.parametrize("engine", ENGINES)
def test_adding_twice_counts_once(engine: str) -> None:
    lined = record(engine, plain, plain, plain, decorated)
    assert lined.hits(plain) == {1: 1}


@pytest.mark.parametrize("engine", ENGINES)
def test_equal_code_objects_stay_apart(engine: str) -> None:
    made = []
    for _ in range(2):
        scope: dict[str, Any] = {}
        exec(compile("def twin():\n    return 1\n", "twins", "exec"), scope)
        made.append(scope["twin"])
    one, two = made
    codes = one.__code__, two.__code__
    assert codes[0] == codes[1] and codes[0] is not codes[1]

    def run() -> None:
        one(), two(), two()

    lined = record(engine, run, one, two)
    assert [lined.hits(code) for code in codes] == [{1: 1}, {1: 2}]
    assert one.__code__ is codes[0] and two.__code__ is codes[1]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_prepared_cell_has_hits_of_all_its_code(engine: str) -> None:
    code = compile(
        "total = 0\n"
        "def add(n):\n"
        "    global total\n"
        "    total += n\n"
        "for i in range(4):\n"
        "    add(i)\n"
        "found = [\n"
        "    (lambda: i)()\n"
        "    for i in range(2)]\n",
        "cell",
        "exec",
    )
    collector = make(engine)
    collector.start()
    scope: dict[str, Any] = {}
    prepared = collector.prepare(code)
    assert collector.prepare(prepared) is prepared
    collector.call(exec, prepared, scope)
    lined = Lined(collector.stop())
    hits = lined.hits(code)
    assert scope["total"] == 6
    assert [hits[line] for line in (0, 1, 3, 4, 5)] == [1, 1, 4, 5, 4]
    is_lossy = engine == "line_profiler" and sys.version_info >= (3, 13)
    assert hits[7] >= (2 if is_lossy else 4)
    assert {row.code.co_filename for row in lined.recording.rows} == {"cell"}


@pytest.mark.parametrize("engine", ENGINES)
def test_a_coroutine_of_a_cell_has_hits(engine: str) -> None:
    import ast

    code = compile(
        "import asyncio\nfor i in range(3):\n    await asyncio.sleep(0)\ndone = 1\n",
        "cell",
        "exec",
        ast.PyCF_ALLOW_TOP_LEVEL_AWAIT,
    )
    collector = make(engine)
    prepared = collector.prepare(code)
    collector.start()
    coroutine = eval(prepared, {})
    steps = 0
    try:
        while True:
            collector.call(coroutine.send, None)
            steps += 1
    except StopIteration:
        pass
    lined = Lined(collector.stop())
    assert steps == 3
    assert lined.hits(code) == {0: 1, 1: 4, 2: 3, 3: 1}
    assert lined.recording.lost == 0


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_added_while_it_records_counts_from_then_on(engine: str) -> None:
    collector = make(engine)
    collector.start()
    collector.call(plain)
    collector.add(plain)
    collector.call(plain)
    assert Lined(collector.stop()).hits(plain) == {1: 1}
    plain()
    assert Lined(collector.stop()).hits(plain) == {1: 1}
