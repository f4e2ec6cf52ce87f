"""Programs that say of each of their lines how often it runs: ``# 3 hits``.

A line without such a comment has none. A version that differs says so (``# 2 hits, 3.11: 1``), and so
does an engine (``# 2 hits, 3.13 line_profiler: 1``). A decorator has two: it is looked up, and later
called.
"""

# Programs are as people write them.
# ruff: noqa: E701, E702, E731, SIM105, UP028

from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from typing import Any


def loop() -> None:
    total = 0  # 1 hits
    for i in range(10):  # 11 hits
        total += i  # 10 hits
        if i % 5 == 0:  # 10 hits
            total -= 1  # 2 hits
        elif i > 100:  # 8 hits
            total -= 2


def while_else() -> None:
    n = 3  # 1 hits
    while n:  # 4 hits
        n -= 1  # 3 hits
    else:
        n = 7  # 1 hits
    while True:  # 7 hits
        n -= 1  # 7 hits
        if n == 0:  # 7 hits
            break  # 1 hits


def direct_recursion() -> None:
    def factorial(n: int) -> int:  # 1 hits
        if n == 0:  # 6 hits
            return 1  # 1 hits
        return n * factorial(n - 1)  # 5 hits

    factorial(5)  # 1 hits


def mutual_recursion() -> None:
    def is_even(n: int) -> bool:  # 1 hits
        if n == 0:  # 4 hits
            return True  # 1 hits
        return is_odd(n - 1)  # 3 hits

    def is_odd(n: int) -> bool:  # 1 hits
        if n == 0:  # 3 hits
            return False
        return is_even(n - 1)  # 3 hits

    is_even(6)  # 1 hits


def generators() -> None:
    def count(n: int) -> Generator[int, int | None, int]:  # 1 hits
        got = 0  # 5 hits
        try:  # 5 hits
            for i in range(n):  # 8 hits
                got += (yield i) or 0  # 7 hits
        except ValueError:  # 3 hits
            got = -1  # 1 hits
        return got  # 2 hits

    for _ in count(2):  # 3 hits
        pass  # 2 hits
    left_open = count(3)  # 1 hits
    next(left_open)  # 1 hits
    closed = count(3)  # 1 hits
    next(closed)  # 1 hits
    closed.send(4)  # 1 hits
    closed.close()  # 1 hits
    with suppress(StopIteration):  # 2 hits
        thrown = count(3)  # 1 hits
        next(thrown)  # 1 hits
        thrown.throw(ValueError)  # 1 hits
    with suppress(KeyError):  # 2 hits
        passing = count(3)  # 1 hits
        next(passing)  # 1 hits
        passing.throw(KeyError)  # 1 hits
    never_begun = count(3)  # 1 hits
    with suppress(ValueError):  # 2 hits
        never_begun.throw(ValueError)  # 1 hits
    count(3).close()  # 1 hits
    kept.append(left_open)  # 1 hits


#: Generators that are left open: closing them would be another test.
kept: list[Any] = []


def yield_from() -> None:
    def inner(n: int) -> Iterator[int]:  # 1 hits
        for i in range(n):  # 7 hits
            yield i  # 5 hits

    def outer() -> Iterator[int]:  # 1 hits
        yield from inner(2)  # 1 hits
        yield from inner(3)  # 1 hits

    assert sum(outer()) == 4  # 1 hits


def recursive_generators() -> None:
    def walk(depth: int) -> Iterator[int]:  # 1 hits
        if depth:  # 7 hits
            yield from walk(depth - 1)  # 3 hits
            yield depth  # 3 hits
            yield from walk(depth - 1)  # 3 hits

    assert list(walk(2)) == [1, 2, 1]  # 1 hits


def interleaved_tasks() -> None:
    async def worker(n: int) -> int:  # 1 hits
        total = 0  # 3 hits
        for i in range(n):  # 12 hits
            await asyncio.sleep(0)  # 9 hits
            total += i  # 9 hits
        return total  # 3 hits

    async def main() -> None:  # 1 hits
        found = await asyncio.gather(worker(2), worker(3), worker(4))  # 1 hits
        assert found == [1, 3, 6]  # 1 hits

    asyncio.run(main())  # 1 hits


def async_generators() -> None:
    class Manager:  # 2 hits, 3.13 line_profiler: 1
        async def __aenter__(self) -> None:  # 1 hits
            await asyncio.sleep(0)  # 1 hits

        async def __aexit__(self, *_: object) -> None:  # 1 hits
            await asyncio.sleep(0)  # 1 hits

    async def ticks(n: int) -> AsyncIterator[int]:  # 1 hits
        for i in range(n):  # 4 hits
            await asyncio.sleep(0)  # 3 hits
            yield i  # 3 hits

    async def main() -> None:  # 1 hits
        async for i in ticks(3):  # 4 hits
            assert i < 3  # 3 hits
        async with Manager():  # 2 hits
            pass  # 1 hits

    asyncio.run(main())  # 1 hits


def class_body() -> None:
    class Shape:  # 2 hits, 3.13 line_profiler: 1
        sides = 4  # 1 hits

        def __init__(self) -> None:  # 1 hits
            self.area = 1  # 2 hits

        @staticmethod  # 2 hits
        def static() -> int:  # 2 hits
            return 1  # 2 hits

        @classmethod  # 2 hits
        def made(cls) -> Shape:  # 2 hits
            return cls()  # 1 hits

        @property  # 2 hits
        def size(self) -> int:  # 2 hits
            return self.area  # 3 hits

    shape = Shape.made()  # 1 hits
    Shape()  # 1 hits
    Shape.static()  # 1 hits
    shape.static()  # 1 hits
    assert shape.size + shape.size + shape.size == 3  # 1 hits


def decorated() -> None:
    def twice(function: Callable[[], None]) -> Callable[[], None]:  # 1 hits
        @functools.wraps(function)  # 2 hits
        def wrapper() -> None:  # 2 hits
            function()  # 2 hits
            function()  # 2 hits

        return wrapper  # 1 hits

    @twice  # 2 hits
    def work() -> None:  # 2 hits
        kept.clear()  # 4 hits

    work()  # 1 hits
    work()  # 1 hits


def lambdas() -> None:
    add = lambda a, b: (  # 4 hits, 3.13: 1
        a + b  # 3 hits
    )
    for i in range(3):  # 4 hits
        add(i, i)  # 3 hits


def equal_bytecode() -> None:
    def first(n: int) -> int:  # 1 hits
        return n + 1  # 2 hits

    def second(n: int) -> int:  # 1 hits
        return n + 1  # 3 hits

    first(1)  # 1 hits
    second(1)  # 1 hits
    first(1)  # 1 hits
    second(1)  # 1 hits
    second(1)  # 1 hits


def exceptions() -> None:
    def risky(n: int) -> int:  # 1 hits
        try:  # 4 hits
            return 10 // n  # 4 hits
        except ZeroDivisionError:  # 2 hits
            kept.clear()  # 1 hits
            return -1  # 1 hits
        finally:
            kept.clear()  # 4 hits

    for n in (0, 1, 2):  # 4 hits
        risky(n)  # 3 hits
    with suppress(TypeError):  # 2 hits
        risky("2")  # type: ignore[arg-type]  # 1 hits


def through_several() -> None:
    def raises() -> None:  # 1 hits
        raise LookupError  # 3 hits

    def passes() -> None:  # 1 hits
        raises()  # 3 hits
        kept.clear()

    def catches() -> None:  # 1 hits
        try:  # 3 hits
            passes()  # 3 hits
        except LookupError:  # 3 hits
            pass  # 3 hits

    for _ in range(3):  # 4 hits
        catches()  # 3 hits


def with_statement() -> None:
    @contextmanager  # 2 hits
    def managed() -> Iterator[int]:  # 2 hits
        kept.clear()  # 2 hits
        try:  # 2 hits
            yield 1  # 2 hits
        finally:
            kept.clear()  # 2 hits

    with managed() as one:  # 2 hits
        assert one == 1  # 1 hits
    with suppress(KeyError), managed():  # 3 hits
        raise KeyError  # 1 hits


def matching() -> None:
    def kind(value: object) -> str:  # 1 hits
        match value:  # 3 hits
            case int():  # 3 hits
                return "int"  # 1 hits
            case [_, *_]:  # 2 hits
                return "list"  # 1 hits
            case _:  # 1 hits
                return "other"  # 1 hits

    for value in (1, [1], None):  # 4 hits
        kind(value)  # 3 hits


def comprehensions() -> None:
    squares = [i * i for i in range(4)]  # 1 hits, 3.11: 6
    assert {n: n for n in squares if n > 1} == {4: 4, 9: 9}  # 1 hits, 3.11: 6
    assert sum(n for n in squares) == 14  # 2 hits, 3.11: 6, 3.13 line_profiler: 1
    rows = [  # 9 hits, 3.11: 15, 3.13: 2
        i + j  # 6 hits, 3.11: 4
        for i in range(2)  # 3 hits, 3.13: 4
        for j in range(2)  # 6 hits
    ]
    assert len(rows) == 4  # 1 hits


# fmt: off
def one_line() -> None:
    def short(): return 1  # 4 hits, 3.13 line_profiler: 1
    pick = lambda: 2  # 3 hits, 3.13 line_profiler: 1
    short(); short(); pick(); pick()  # 1 hits
    if short: short()  # 1 hits
# fmt: on


def statements_of_several_lines() -> None:
    def add(*numbers: int) -> int:  # 1 hits
        return sum(numbers)  # 2 hits

    add(  # 2 hits
        1,  # 1 hits
        add(  # 2 hits
            2,  # 1 hits
            3,  # 1 hits
        ),
    )
    text = (  # 1 hits
        "one constant "  # 1 hits
        "of two lines"
    )
    assert text  # 1 hits


def nested_functions() -> None:
    def outer(n: int) -> Callable[[], int]:  # 1 hits
        def middle() -> int:  # 2 hits
            def inner() -> int:  # 3 hits
                return n  # 3 hits

            return inner()  # 3 hits

        return middle  # 2 hits

    one, two = outer(1), outer(2)  # 1 hits
    assert one() + two() + two() == 5  # 1 hits


def returns_through_finally() -> None:
    def give() -> int:  # 1 hits
        for i in range(3):  # 2 hits
            try:  # 2 hits
                if i == 1:  # 2 hits
                    return i  # 1 hits
            finally:
                kept.clear()  # 2 hits
        return -1

    assert give() == 1  # 1 hits


PROGRAMS = [
    comprehensions,
    one_line,
    statements_of_several_lines,
    nested_functions,
    returns_through_finally,
    loop,
    while_else,
    direct_recursion,
    mutual_recursion,
    generators,
    yield_from,
    recursive_generators,
    interleaved_tasks,
    async_generators,
    class_body,
    decorated,
    lambdas,
    equal_bytecode,
    exceptions,
    through_several,
    with_statement,
    matching,
]
