"""Which compiled functions only hand out memory, and which are the interpreter's."""

from __future__ import annotations

import re
from functools import lru_cache

from ...cppname import plain_name

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
def is_allocator(symbol: str) -> bool:
    """Whether a function only hands out memory: what it allocates is its caller's."""
    name = plain_name(symbol)
    return name in _ALLOCATORS or name.startswith(("operator new", "__rust_alloc"))


@lru_cache(4096)
def is_of_cpython(symbol: str, path: str) -> bool:
    """Whether a compiled function is the interpreter's, as its file or else its name tells."""
    return bool(_CPYTHON_FILE.match(path) or _CPYTHON_NAME.match(symbol))
