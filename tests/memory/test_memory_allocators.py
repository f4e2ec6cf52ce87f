"""Names of compiled functions as demanglers write them, and bytes in words."""

from __future__ import annotations

import pytest

from jupyterlab_profiler.collect.memory.allocators import (
    is_allocator,
    is_of_cpython,
)
from jupyterlab_profiler.sizes import size


@pytest.mark.parametrize(
    "name",
    [
        "malloc",
        "operator new(unsigned long, std::align_val_t)",
        "std::__new_allocator<double>::allocate(unsigned long, void const*)",
        "std::_Vector_base<int, std::allocator<int> >::_M_allocate(unsigned long)",
        "_PyObject_Malloc",
        "PyMem_RawCalloc",
    ],
)
def test_what_hands_out_memory_is_known(name: str) -> None:
    assert is_allocator(name)


@pytest.mark.parametrize(
    "name",
    ["my_malloc_user", "heap::Store::Store(unsigned long)", "operator delete(void*)", "free"],
)
def test_others_hand_out_none(name: str) -> None:
    assert not is_allocator(name)


def test_the_interpreter_is_known_by_file_and_by_name() -> None:
    assert is_of_cpython("list_resize", "Objects/listobject.c")
    assert is_of_cpython("_PyEval_Vector", "<unknown>")
    assert not is_of_cpython("deflateInit2_", "<unknown>")
    assert not is_of_cpython("heap::churn(int)", "/home/user/Objects.cpp")


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.00 kB"),
        (16_000_000, "16.0 MB"),
        (999_960, "1.00 MB"),
        (123e15, "123,000 TB"),
    ],
)
def test_bytes_are_said_with_three_digits(count: float, text: str) -> None:
    assert size(count) == text
