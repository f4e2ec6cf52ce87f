"""What the keys of a tree stand for: code objects, builtins, and other callables.

A key is what tells two functions apart: the ``id`` of something that is kept alive here, or, of a
builtin that belongs to no class, its name. Nothing here runs code of the user's: no attribute of an
object is asked for that its class could have put there.
"""

from __future__ import annotations

from opcode import opmap
from types import (
    BuiltinFunctionType,
    ClassMethodDescriptorType,
    CodeType,
    FrameType,
    FunctionType,
    MethodDescriptorType,
    MethodType,
    MethodWrapperType,
    ModuleType,
    WrapperDescriptorType,
)
from typing import Any

#: What a function is, see :mod:`..recorder`.
CODE, BUILTIN, CALLABLE, FOLDED = range(4)

#: The key of what stands for all that is called below a full tree.
FOLDED_KEY = "folded"

#: Callables of one sort that are told apart. A program may make them without end.
MOST_INSTANCES = 4096

#: Flags of a type (CPython's Include/object.h): its instances are methods where a class has them as
#: attributes; and it was made at run time.
_METHOD_DESCRIPTOR = 1 << 17
_HEAPTYPE = 1 << 9

_RESUME = opmap["RESUME"]

#: As the class ``type`` has them: a metaclass of the user's may have others.
_flags: Any = vars(type)["__flags__"].__get__
_mro: Any = vars(type)["__mro__"].__get__
_vars: Any = vars(type)["__dict__"].__get__

#: Where a call has no first argument.
NOTHING = object()


class Functions:
    """All functions of a recording, numbered as they come."""

    def __init__(self) -> None:
        #: By key: number, kind, and the object or its name, which keeps the key alive.
        self._known: dict[object, tuple[int, int, Any]] = {}
        self._count = 0
        self._instances = 0
        #: Keys of functions of modules, which are asked for often, by their id.
        self._of_modules: dict[int, tuple[object, object]] = {}

    def pairs(self) -> list[tuple[int, Any]]:
        """Kind and object of each."""
        return [(kind, what) for _, kind, what in self._known.values()]

    def kind(self, key: object) -> tuple[int, Any]:
        """Kind and object of one."""
        _, kind, what = self._known[key]
        return kind, what

    def code(self, key: int, code: CodeType) -> int:
        """The number of a code object, whose key is its id."""
        if key not in self._known:
            self._known[key] = self._count, CODE, code
            self._count += 1
        return self._known[key][0]

    def folded(self) -> int:
        """The number of what stands for the calls below a full tree."""
        if FOLDED_KEY not in self._known:
            self._known[FOLDED_KEY] = self._count, FOLDED, None
            self._count += 1
        return self._known[FOLDED_KEY][0]

    def callable(self, key: object, called: Any, first: Any) -> int:
        """The number of what ``called`` is known by, under the key that :meth:`key` gave for it."""
        if key in self._known:
            return self._known[key][0]
        while type(called) is MethodType:
            called, first = called.__func__, called.__self__
        kind, sort, is_instance = type(called), CALLABLE, False
        what: Any = kind
        if issubclass(kind, BuiltinFunctionType):
            sort, what = BUILTIN, builtin_name(called)
        elif kind is MethodDescriptorType:
            sort, what = BUILTIN, _method_name(called, first)
        elif key == id(called):
            what, is_instance = called, not issubclass(kind, type)
        # Another thread may have added it meanwhile.
        if key not in self._known:
            self._known[key] = self._count, sort, what
            self._count += 1
            self._instances += is_instance
        return self._known[key][0]

    def key(self, called: Any, first: Any) -> object:
        """The key of something that is called and is no Python function.

        None for one of those, and for what cannot be called so (an unbound method without an
        object). ``first`` is the first argument, or :data:`NOTHING`.
        """
        kind = type(called)
        while kind is MethodType:
            called, first = called.__func__, called.__self__
            kind = type(called)
        if kind is FunctionType:
            return None
        if kind is MethodDescriptorType:
            return None if first is NOTHING else id(called)
        if issubclass(kind, BuiltinFunctionType):
            known = self._of_modules.get(id(called))
            return known[0] if known is not None else self._builtin_key(called)
        if issubclass(kind, type):
            return id(called)
        if is_function_like(kind) and (
            self._instances < MOST_INSTANCES or id(called) in self._known
        ):
            return id(called)
        return id(kind)

    def _builtin_key(self, called: Any) -> object:
        """Methods of one class are one, bound to whichever object.

        The C recorder compares the addresses of their definitions, which Python cannot.
        """
        method = _method_of(called)
        if method is not None:
            return id(method)
        name = builtin_name(called)
        if type(called.__self__) is ModuleType:
            self._of_modules[id(called)] = name, called
        return name


def _method_of(builtin: Any) -> Any:
    """The unbound method that a builtin is of, if it is one of a class written in C."""
    name = builtin.__name__
    for base in _mro(type(builtin.__self__)):
        method = _vars(base).get(name)
        if type(method) in (MethodDescriptorType, ClassMethodDescriptorType):
            return method
    return None


def _method_name(method: Any, first: Any) -> str:
    """The name of an unbound method that is called with this object."""
    try:
        return builtin_name(method.__get__(first, type(first)))
    except TypeError:  # it is of another class, and the call an error
        return f"<built-in method {method.__name__}>"


#: What a class may have under a name, and whose ``repr`` is no code of the user's.
_NAMED = (
    MethodDescriptorType,
    ClassMethodDescriptorType,
    WrapperDescriptorType,
    BuiltinFunctionType,
    FunctionType,
)


def builtin_name(builtin: Any) -> str:
    """The text that cProfile names a builtin by (normalizeUserObj in CPython's _lsprof.c)."""
    name, module = builtin.__name__, builtin.__module__
    method = _lookup(type(builtin.__self__), name)
    if type(method) in _NAMED:
        return repr(method)
    if type(module) is not str:
        module = None
    if builtin.__self__ is None and module is not None:
        return f"<{module}.{name}>" if module != "builtins" else f"<{name}>"
    return f"<built-in method {module}.{name}>" if module else f"<built-in method {name}>"


def is_function_like(kind: type) -> bool:
    """Whether an instance of this type is a function of its own, made once and kept.

    A ufunc, a function of Cython or nanobind, an lru_cache. Of other types, as functools.partial,
    instances come and go.
    """
    if _flags(kind) & _METHOD_DESCRIPTOR:
        return True
    if _flags(kind) & _HEAPTYPE or kind is MethodWrapperType:
        return False
    return _lookup(kind, "__name__") is not None


def _lookup(kind: type, name: str) -> Any:
    """What a class has under this name, from wherever it has it."""
    for base in _mro(kind):
        found = _vars(base).get(name)
        if found is not None:
            return found
    return None


def is_at_start(frame: FrameType) -> bool:
    """Whether a frame is at its very begin: at the instruction RESUME with the argument 0.

    A generator that is resumed has another argument.
    """
    code, at = frame.f_code.co_code, frame.f_lasti
    return 0 <= at < len(code) - 1 and code[at] == _RESUME and code[at + 1] == 0
