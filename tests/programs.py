"""Programs to record: each calls functions in a way in which a profiler can go wrong."""

# What looks useless here is called: that is what these are for.
# ruff: noqa: B018, PYI024, PYI034
from __future__ import annotations

import asyncio
import functools
import operator
from collections import OrderedDict, namedtuple
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any


def fib(n: int = 15) -> int:
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def mutual_recursion() -> None:
    def even(n: int) -> bool:
        return True if n == 0 else odd(n - 1)

    def odd(n: int) -> bool:
        return False if n == 0 else even(n - 1)

    def ackermann(m: int, n: int) -> int:
        if m == 0:
            return n + 1
        return ackermann(m - 1, 1 if n == 0 else ackermann(m, n - 1))

    for turn in range(20):
        even(turn * 5)
    ackermann(2, 8)


def generators() -> None:
    def numbers(n: int) -> Iterator[int]:
        for i in range(n):
            yield sum(range(i))

    def delegating(n: int) -> Iterator[int]:
        try:
            yield from numbers(n)
        finally:
            len("x")

    def tree(depth: int) -> Iterator[int]:
        if depth:
            yield from tree(depth - 1)
            yield depth
            yield from tree(depth - 1)

    def catching() -> Iterator[int]:
        try:
            yield 1
        except ValueError:
            yield 2

    def refusing() -> Iterator[int]:
        try:
            yield 1
        except GeneratorExit:
            yield 2

    list(delegating(20))
    list(tree(6))
    sorted(x for x in delegating(10))
    closed = delegating(10)
    next(closed)
    closed.close()
    numbers(3).close()  # never started
    left = numbers(5)
    next(left)
    thrown = catching()
    next(thrown)
    thrown.throw(ValueError)
    with suppress(StopIteration):
        next(thrown)
    through = delegating(3)
    next(through)
    with suppress(KeyError):
        through.throw(KeyError)
    unstarted = numbers(3)
    with suppress(KeyError):
        unstarted.throw(KeyError)
    stubborn = refusing()
    next(stubborn)
    with suppress(RuntimeError):
        stubborn.close()


def exceptions() -> None:
    def boom(n: int) -> int:
        if n == 0:
            raise ValueError
        return boom(n - 1)

    def caught(n: int) -> Any:
        try:
            boom(n)
        except ValueError:
            return int("7")
        finally:
            isinstance(n, int)

    class Swallows:
        def __enter__(self) -> Swallows:
            return self

        def __exit__(self, *exc: object) -> bool:
            return True

    for turn in range(20):
        caught(turn)
        with suppress(ValueError):
            int("x")
        with suppress(ValueError):
            sorted([3, 1, 2], key=lambda _: boom(2))
        with Swallows():
            [].pop()
    try:
        try:
            boom(1)
        except ValueError as error:
            raise KeyError from error
    except* KeyError:
        len("")


def tasks() -> None:
    async def leaf(n: int) -> int:
        await asyncio.sleep(0)
        return n

    async def several(n: int) -> Any:
        for i in range(n):
            yield await leaf(i)

    async def total(n: int) -> int:
        return sum([x async for x in several(n)])

    async def main() -> None:
        await asyncio.gather(*(total(i) for i in range(8)))
        sleeping = asyncio.create_task(asyncio.sleep(10))
        await asyncio.sleep(0)
        sleeping.cancel()
        with suppress(asyncio.CancelledError):
            await sleeping
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.sleep(10), 0.002)
        async with asyncio.TaskGroup() as group:
            group.create_task(leaf(1))
            group.create_task(leaf(2))
        left = several(3)
        await anext(left)
        await left.aclose()

    asyncio.run(main())


def classes() -> None:
    @dataclass(order=True)
    class Point:
        x: int
        y: int = 0
        rest: list[int] = field(default_factory=list)

        @property
        def length(self) -> int:
            return abs(self.x) + abs(self.y)

        @classmethod
        def at(cls, x: int) -> Point:
            return cls(x)

        @staticmethod
        def zero() -> Point:
            return Point(0)

    class Base:
        def __init__(self) -> None:
            self.made = True

        def __getattr__(self, name: str) -> str:
            return name

        def act(self) -> int:
            return 1

    class Derived(Base):
        def __init__(self) -> None:
            super().__init__()

        def __call__(self, n: int) -> int:
            return n + super().act()

        def __new__(cls) -> Derived:
            return super().__new__(cls)

    class Meta(type):
        def __call__(cls, *args: Any) -> Any:
            return super().__call__(*args)

    class Made(metaclass=Meta):
        pass

    pair = namedtuple("pair", "a b")
    for turn in range(10):
        Point.at(turn).length
        sorted([Point(2), Point.zero()])
        derived = Derived()
        derived(turn)
        derived.nothing
        Made()
        list(map(derived, range(3)))
        pair(1, b=2)._replace(a=3)
        OrderedDict(a=1).move_to_end("a")
        type("Anew", (Base,), {})()
        dict.fromkeys("ab")
        str.upper("a")
        bound = [].append
        bound(turn)
        object.__new__(Base)


def wrappers() -> None:
    @functools.lru_cache(maxsize=4)
    def cached(n: int) -> int:
        return n * 2

    @functools.singledispatch
    def dispatched(value: object) -> str:
        return "object"

    @dispatched.register
    def _(value: int) -> str:
        return "int"

    def doubling(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def wrapper(*args: Any, **names: Any) -> Any:
            return function(*args, **names)

        return wrapper

    @doubling
    @doubling
    def wrapped(n: int) -> int:
        return max(n, 1)

    @contextmanager
    def entered() -> Iterator[int]:
        yield len("x")

    class Lazy:
        @functools.cached_property
        def value(self) -> int:
            return sum(range(3))

    add_two = functools.partial(operator.add, 2)
    call_wrapped = functools.partial(wrapped, n=1)
    for turn in range(12):
        cached(turn % 6)
        dispatched(turn)
        dispatched("")
        wrapped(turn)
        add_two(turn)
        call_wrapped()
        functools.reduce(operator.add, [1, 2, turn])
        functools.reduce(lambda a, b: a + b, [1, 2, turn])
        sorted(range(4), key=functools.cmp_to_key(lambda a, b: b - a))
        list(map(operator.itemgetter(0), [(1,), (2,)]))
        Lazy().value
        with entered():
            pass
        exec("len('')")
        eval("max(1, 2)")


def comprehensions() -> None:
    def square(n: int) -> int:
        return n * n

    for turn in range(6):
        [square(i) for i in range(turn)]
        {square(i) for i in range(turn)}
        {i: [square(j) for j in range(i)] for i in range(turn)}
        sum(square(i) for i in range(turn))
        any(square(i) > 3 for i in range(turn))
        list(filter(lambda i: i % 2, map(square, range(turn))))
        [[str(i) for i in range(2)] for _ in range(turn)]
        dict(zip("ab", (square(i) for i in range(2)), strict=True))


_RST = """
Title
=====

A paragraph with *emphasis*, ``code`` and a `link <https://example.org>`_.

- one
- two

  1. deeper
  2. and deeper

.. note:: A directive.

======  =====
a       b
======  =====
1       2
======  =====
"""


def docutils() -> None:
    from docutils.core import publish_string

    # The HTML writer reads the machine's locale and templates; the tree alone is the same always.
    publish_string(_RST, writer="pseudoxml", settings_overrides={"_disable_config": True})


def pygments() -> None:
    import inspect

    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    highlight(inspect.getsource(wrappers), PythonLexer(), HtmlFormatter())


def sympy() -> None:
    from sympy import cos, diff, expand, factor, sin, solve, symbols

    x, y = symbols("x y")
    expand((x + y) ** 5)
    factor(x**3 - y**3)
    diff(sin(x) * cos(x * y), x)
    solve(x**2 - 5 * x + 6, x)


#: By what they are named in the tests.
PROGRAMS: dict[str, Callable[[], object]] = {
    "fib": fib,
    "mutual recursion": mutual_recursion,
    "generators": generators,
    "exceptions": exceptions,
    "asyncio": tasks,
    "classes": classes,
    "wrappers": wrappers,
    "comprehensions": comprehensions,
    "docutils": docutils,
    "pygments": pygments,
    "sympy": sympy,
}
