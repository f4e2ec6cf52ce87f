"""Names of compiled functions as demanglers write them, and bytes in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyterlab_profiler.collect.memory.symbols import (
    is_allocator,
    is_of_cpython,
    short_name,
    without_arguments,
)
from jupyterlab_profiler.sizes import size

#: Whole name, without arguments, short; as libbacktrace and libiberty write them.
NAMES = [
    ("malloc", "malloc", "malloc"),
    ("operator new[](unsigned long)", "operator new[]", "operator new[]"),
    (
        "heap::Store* pybind11::detail::initimpl::construct_or_initialize<heap::Store, unsigned long, 0>(unsigned long&&)",
        "pybind11::detail::initimpl::construct_or_initialize",
        "construct_or_initialize",
    ),
    (
        "void pybind11::cpp_function::initialize<int (*)(int)>(int)::{lambda(pybind11::detail::function_call&)#1}::_FUN(pybind11::detail::function_call&)",
        "pybind11::cpp_function::initialize::{lambda}::_FUN",
        "{lambda}::_FUN",
    ),
    (
        "(anonymous namespace)::Grid<double>::operator()(int) const",
        "{anonymous}::Grid::operator()",
        "operator()",
    ),
    ("bool operator< <int>(A<int> const&, A<int> const&)", "operator<", "operator<"),
    ("std::vector<int, std::allocator<int> >::~vector()", "std::vector::~vector", "~vector"),
    ("sweep(double) [clone .cold]", "sweep", "sweep"),
    ("list_resize.isra.0", "list_resize", "list_resize"),
    ("<unknown>", "<unknown>", "<unknown>"),
]


@pytest.mark.parametrize(("whole", "plain", "short"), NAMES)
def test_a_name_is_shortened(whole: str, plain: str, short: str) -> None:
    assert (without_arguments(whole), short_name(whole)) == (plain, short)


@given(st.text("abc:<>(){}[] *&,.-#1\0operatwnd~", max_size=200))
def test_any_text_has_a_short_name(text: str) -> None:
    assert short_name(text) or not text
    assert len(short_name(text)) <= len(text) + len("{anonymous}")


def test_a_very_long_name_costs_nothing() -> None:
    assert without_arguments("(" * 1_000_000).startswith("(((")


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
