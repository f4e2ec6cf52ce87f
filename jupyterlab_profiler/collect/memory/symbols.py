"""Demangled names of compiled functions: short ones, and which of them allocate."""

from __future__ import annotations

import re
from functools import lru_cache

_CLONE = re.compile(r" \[clone [^\]]*\]|\[abi:\w+\]|\.(?:cold|isra|part|constprop)(?:\.\d+)?\Z")
_OPERATOR = re.compile(
    r"operator(?:\(\)|\[\]|->\*?|<=>|<<=?|>>=?|[<>]=?| (?:new|delete)(?:\[\])?|[-+*/%^&|~!=,]{1,2})"
)
#: Longer names are nobody's: brackets are looked for anew in each.
_LONGEST = 8_000
_OPEN, _CLOSE = "<({[", ">)}]"

#: What hands out memory for others: of C, C++ and CPython, and the ways there.
_ALLOCATORS = frozenset(
    """
    malloc calloc realloc reallocarray posix_memalign aligned_alloc memalign valloc pvalloc
    mmap mmap64 mremap sbrk __libc_malloc __libc_calloc __libc_realloc __mmap __mmap64
    xmalloc xcalloc xrealloc strdup strndup
    PyMem_Malloc PyMem_Calloc PyMem_Realloc PyMem_RawMalloc PyMem_RawCalloc PyMem_RawRealloc
    PyObject_Malloc PyObject_Calloc PyObject_Realloc _PyObject_Malloc _PyObject_Calloc
    _PyObject_Realloc _PyMem_RawMalloc _PyMem_RawCalloc _PyMem_RawRealloc _PyMem_Malloc
    pymalloc_alloc pymalloc_realloc allocate_from_new_pool new_arena _PyObject_ArenaMmap
    _PyMem_ArenaAlloc _PyObject_Arena _PyMem_DebugRawAlloc _PyMem_DebugMalloc
    _PyMem_DebugRawMalloc arena_map_get arena_map_mark_used
    std::allocator_traits::allocate std::allocator::allocate std::__new_allocator::allocate
    __gnu_cxx::new_allocator::allocate __gnu_cxx::__alloc_traits::allocate
    std::_Vector_base::_M_allocate std::__allocate_guarded std::pmr::memory_resource::allocate
    """.split()  # noqa: SIM905 - a list of names is read more easily so
)
_CPYTHON_FILE = re.compile(r"\A(?:\./|.*/cpython/)?(?:Objects|Python|Modules|Parser|Include)/")
_CPYTHON_NAME = re.compile(r"\A_?Py[A-Z]")


@lru_cache(4096)
def without_arguments(symbol: str) -> str:
    """The qualified name without parameters, arguments of templates and the type returned.

    >>> without_arguments("void nb::call<int (*)(long)>::run<int>(int, char) [clone .cold]")
    'nb::call::run'
    >>> without_arguments("heap::grow(int)::{lambda(long)#1}::operator()(long) const")
    'heap::grow::{lambda}::operator()'
    >>> without_arguments("operator new(unsigned long)")
    'operator new'
    """
    if len(symbol) > _LONGEST:
        return symbol
    text = _CLONE.sub("", symbol).replace("(anonymous namespace)", "{anonymous}")
    kept: list[str] = []
    place = 0
    while place < len(text):
        char = text[place]
        if (found := _OPERATOR.match(text, place)) and not _is_word(kept):
            kept.append(found[0])
            place = found.end()
        elif char in _OPEN and (end := _end_of(text, place)):
            if char == "(" and not text[end:].removeprefix(" const").startswith("::"):
                break
            if char == "{" and (word := re.match(r"[\w ]*", text[place + 1 : end - 1])):
                kept.append(f"{{{word[0].strip()}}}")
            place = end + 6 * (char == "(" and text.startswith(" const", end))
        else:
            if char == " " and not (kept and kept[-1].startswith("operator")):
                kept.clear()  # what stood before is the type that is returned
            else:
                kept.append(char)
            place += 1
    return "".join(kept).strip("*& ") or symbol


def short_name(symbol: str) -> str:
    """The last part of a qualified name.

    >>> short_name("std::vector<int, std::allocator<int> >::vector(unsigned long)")
    'vector'
    >>> short_name("sum(int)::{lambda(int)#2}::operator()(int) const")
    '{lambda}::operator()'
    """
    parts = without_arguments(symbol).split("::")
    if len(parts) > 1 and parts[-2].startswith("{"):
        return "::".join(parts[-2:])
    return parts[-1] or symbol


@lru_cache(4096)
def is_allocator(symbol: str) -> bool:
    """Whether a function only hands out memory: what it allocates is its caller's."""
    name = without_arguments(symbol)
    return name in _ALLOCATORS or name.startswith(("operator new", "__rust_alloc"))


@lru_cache(4096)
def is_of_cpython(symbol: str, path: str) -> bool:
    """Whether a compiled function is the interpreter's, as its file or else its name tells."""
    return bool(_CPYTHON_FILE.match(path) or _CPYTHON_NAME.match(symbol))


def _is_word(kept: list[str]) -> bool:
    """Whether what comes next belongs to a longer word."""
    return bool(kept) and (kept[-1].isalnum() or kept[-1] == "_")


def _end_of(text: str, place: int) -> int:
    """The place behind the bracket that closes the one at ``place``; 0 if there is none."""
    depth = 0
    for at in range(place, len(text)):
        char = text[at]
        if char in _OPEN:
            depth += 1
        elif char in _CLOSE and not (char == ">" and text[at - 1] == "-"):
            depth -= 1
            if not depth:
                return at + 1
    return 0
