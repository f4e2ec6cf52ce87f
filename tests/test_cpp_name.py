"""Short names of C++ functions, of what demanglers write: libiberty, libbacktrace, py-spy."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyterlab_profiler.cppname import plain_name, short_name

#: Whole name, without arguments, short.
NAMES = [
    ("step", "step", "step"),
    ("malloc", "malloc", "malloc"),
    ("leaf::step<1>", "leaf::step", "step"),
    ("double leaf::step<1>(double)", "leaf::step", "step"),
    ("a::B<c::D>::operator()(int) const", "a::B::operator()", "operator()"),
    ("f(int)::{lambda(g::h&)#3}::_FUN", "f::{lambda}::_FUN", "{lambda}::_FUN"),
    ("f()::{lambda(int)#1}", "f::{lambda}", "{lambda}"),
    (
        "f(int)::B::g(int) const::{lambda()#1}::operator()() const",
        "f::B::g::{lambda}::operator()",
        "{lambda}::operator()",
    ),
    (
        "std::vector<int, std::allocator<int> >::push_back(int const&)",
        "std::vector::push_back",
        "push_back",
    ),
    ("std::vector<int, std::allocator<int> >::~vector()", "std::vector::~vector", "~vector"),
    ("(anonymous namespace)::f(int)", "{anonymous}::f", "f"),
    (
        "(anonymous namespace)::Grid<double>::operator()(int) const",
        "{anonymous}::Grid::operator()",
        "operator()",
    ),
    ("operator new(unsigned long)", "operator new", "operator new"),
    ("operator new[](unsigned long)", "operator new[]", "operator new[]"),
    (
        "std::ostream& std::operator<< <char>(std::ostream&, char)",
        "std::operator<<",
        "operator<<",
    ),
    ("bool operator< <int>(A<int> const&, A<int> const&)", "operator<", "operator<"),
    ("ns::A::operator->() const", "ns::A::operator->", "operator->"),
    ("x::operator bool() const", "x::operator bool", "operator bool"),
    ("ns::A::~A()", "ns::A::~A", "~A"),
    ("a::f[abi:cxx11](int)", "a::f", "f"),
    (
        "std::function<double (double)>::operator()(double) const",
        "std::function::operator()",
        "operator()",
    ),
    (
        "argument_loader<double>::call<double, function_ref<double (double)>&> &&",
        "argument_loader::call",
        "call",
    ),
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
    ("unsigned long foo<a::b>(int) [clone .isra.0]", "foo", "foo"),
    ("sweep(double) [clone .cold]", "sweep", "sweep"),
    ("list_resize.isra.0", "list_resize", "list_resize"),
    ("vtable for A", "vtable for A", "vtable for A"),
    ("<unknown>", "<unknown>", "<unknown>"),
]


@pytest.mark.parametrize(("whole", "plain", "short"), NAMES)
def test_a_name_is_shortened(whole: str, plain: str, short: str) -> None:
    assert (plain_name(whole), short_name(whole)) == (plain, short)


@given(st.text("abc:<>(){}[] *&,.-#1\0operatwnd~", max_size=200))
def test_any_text_has_a_short_name(text: str) -> None:
    assert short_name(text) or not text
    assert len(short_name(text)) <= len(text) + len("{anonymous}")


@pytest.mark.parametrize("text", ["(" * 1_000_000, "<" * 1_000_000, "a::" * 300_000 + "f"])
def test_a_very_long_name_costs_nothing(text: str) -> None:
    began = time.perf_counter()
    assert text.startswith(plain_name(text)[:20_000])
    assert short_name(text)
    assert time.perf_counter() - began < 2
