"""From what a user names to the Python functions in it."""

from __future__ import annotations

import functools
import gc
import inspect
from types import (
    AsyncGeneratorType,
    CodeType,
    CoroutineType,
    FunctionType,
    GeneratorType,
    MethodType,
    ModuleType,
)
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

#: By which attributes functions are found in what wraps them.
_INSIDE: tuple[tuple[type, tuple[str, ...]], ...] = (
    (staticmethod, ("__func__",)),
    (classmethod, ("__func__",)),
    (MethodType, ("__func__",)),
    (property, ("fget", "fset", "fdel")),
    (functools.cached_property, ("func",)),
    (functools.partial, ("func",)),
    (functools.partialmethod, ("func",)),
)


#: The globals of functions that only carry code to line_profiler, and of no others.
CARRIERS: dict[str, Any] = {}


def living_functions() -> Iterator[FunctionType]:
    """All Python functions that are, closures and old ones, too.

    Not those of :data:`CARRIERS`: an error that is kept keeps the profiler that ran below it, and
    with it one for every function of this list.
    """
    for found in gc.get_objects():
        if type(found) is FunctionType and found.__globals__ is not CARRIERS:
            yield found


def functions_of(target: object) -> list[FunctionType]:
    """The Python functions that a user means by this, each once.

    Raises ValueError where there is none; the text says what it is and what to write instead.

    >>> [function.__name__ for function in functions_of(functools.lru_cache(functions_of))]
    ['functions_of']
    """
    found: dict[int, FunctionType] = {}
    for function in _inside(target, set()):
        found.setdefault(id(function), function)
    if not found:
        raise ValueError(_refusal(target))
    return list(found.values())


def _inside(target: object, seen: set[int]) -> Iterator[FunctionType]:
    if id(target) in seen:
        return
    seen.add(id(target))
    if isinstance(target, ModuleType | type):
        name = vars(target).get("__name__") if isinstance(target, ModuleType) else None
        for member in tuple(vars(target).values()):
            if _belongs(member, target, name):
                yield from _inside(member, seen)
        return
    for kind, attributes in _INSIDE:
        if isinstance(target, kind):
            for attribute in attributes:
                yield from _inside(getattr(target, attribute), seen)
            return
    # Looked up without running code of the user's: a mock has any attribute.
    wrapped = inspect.getattr_static(target, "__wrapped__", None)
    if wrapped is not None:
        yield from _inside(wrapped, seen)
    elif isinstance(target, FunctionType):
        yield target


def _belongs(member: object, owner: ModuleType | type, module: object) -> bool:
    """Whether it is defined there: a module holds what it imports as well, a class its friends."""
    if isinstance(owner, ModuleType):
        if isinstance(member, FunctionType | type) or hasattr(type(member), "__wrapped__"):
            return getattr(member, "__module__", None) == module
        wrapped = inspect.getattr_static(member, "__wrapped__", None)
        return isinstance(wrapped, FunctionType) and wrapped.__module__ == module
    if isinstance(member, type):
        return member.__qualname__.startswith(f"{owner.__qualname__}.")
    return not isinstance(member, ModuleType)


def _refusal(target: object) -> str:
    kind = type(target).__name__
    name = getattr(target, "__qualname__", None) or getattr(target, "__name__", None)
    if isinstance(target, str):
        return f"{target!r} is a text: write the function itself, without quotes"
    if isinstance(target, ModuleType | type):
        what = "module" if isinstance(target, ModuleType) else "class"
        return (
            f"the {what} {name} has no functions that are written in Python in it: "
            "write a function, method, class or module that has"
        )
    if isinstance(target, GeneratorType | CoroutineType | AsyncGeneratorType):
        return f"this is a {kind} that was made already: write the function, {name}"
    if isinstance(target, CodeType):
        return f"this is the code object of {target.co_qualname}: write the function"
    if inspect.isroutine(target):
        return (
            f"{name} is not written in Python ({kind}), so it has no lines to count: "
            "write the Python function that calls it"
        )
    if callable(target) and isinstance(vars(type(target)).get("__call__"), FunctionType):
        return f"this is an object of the class {kind}: write {kind}.__call__, or the class"
    return f"this is of the type {kind}: write a function, method, property, class or module"
