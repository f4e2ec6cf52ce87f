"""What is a file of compiled code, and which text of it is kept."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from jupyterlab_profiler.collect.files import NO_CELLS
from jupyterlab_profiler.collect.nativetext import AROUND, native_file, native_sources, ran_here
from jupyterlab_profiler.collect.objects import LoadedObjects
from jupyterlab_profiler.formats.filename import compiled_file
from jupyterlab_profiler.model import Profile, Source, Table

TEXT = [f"// {number}\n" for number in range(1, 101)]


def profile_of(path: Path, *weights: tuple[int, float]) -> Profile:
    """A profile whose lines of one file weigh so much."""
    return Profile(
        files=[native_file(str(path), NO_CELLS)],
        lines=Table(
            {
                "file": [1] * len(weights),
                "line": [line for line, _ in weights],
                "self.time": [weight for _, weight in weights],
            }
        ),
    )


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "mine.cpp"
    path.write_text("".join(TEXT))
    return path


def kept(profile: Profile) -> list[Source]:
    return native_sources(profile, ["self.time"], lambda *_: True)


def test_lines_around_those_that_matter_are_kept(source: Path) -> None:
    (first, second) = kept(profile_of(source, (1, 3), (50, 5), (60, 2), (900, 1)))
    assert (first.line, first.text) == (1, "".join(TEXT[: 1 + AROUND]))
    assert (second.line, second.text) == (50 - AROUND, "".join(TEXT[49 - AROUND : 60 + AROUND]))


def test_the_dearest_come_first_where_not_all_fit(source: Path) -> None:
    source.write_text("".join(f"{line.rstrip():200}\n" for line in TEXT * 10))
    lines = {20 * number: float(number) for number in range(1, 50)}
    found = kept(profile_of(source, *lines.items()))
    assert sum(len(block.text) for block in found) <= 32_000
    assert found[-1].line <= 980 <= found[-1].line + found[-1].text.count("\n")
    assert min(block.line for block in found) > 500


def test_text_in_latin_1_is_read_and_lines_end_where_a_compiler_has_them_end(
    tmp_path: Path,
) -> None:
    path = tmp_path / "old.C"
    path.write_bytes(b"// \xe9\x0c x\n// \xe2\x80\xa8\nint f();\n")
    (block,) = kept(profile_of(path, (3, 1)))
    assert block.text.splitlines()[-1] == "int f();" and block.text.count("\n") == 3


@pytest.mark.parametrize("name", ["key.pem", "module.py", "mine.so"])
def test_what_has_no_source_text_is_not_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("secret\n")
    assert kept(profile_of(tmp_path / name, (1, 1))) == []


def test_nothing_is_read_twice(source: Path) -> None:
    profile = profile_of(source, (1, 1))
    profile.sources = [Source(0, 1, "of before\n")]
    assert kept(profile) == []


def test_text_is_what_ran_if_the_library_is_no_older(source: Path) -> None:
    library = source.with_name("mine.so")
    library.write_bytes(b"\x7fELF" + b"mine.cpp\0")
    objects = LoadedObjects(f"1000-2000 r-xp 00000000 08:01 4 {library}\n")
    profile = profile_of(source, (1, 1))
    for age, is_kept in ((60, False), (-60, True)):
        at = time.time() - age
        os.utime(library, (at, at))
        found = native_sources(profile, ["self.time"], ran_here(profile, objects))
        assert bool(found) == is_kept


@pytest.mark.parametrize(
    ("path", "origin", "package"),
    [
        ("/usr/include/c++/12/bits/stl_vector.h", "package", "c++"),
        ("/usr/include/x86_64-linux-gnu/c++/12/bits/c++config.h", "package", "c++"),
        ("/usr/lib/gcc/x86_64-linux-gnu/12/include/xmmintrin.h", "package", "gcc"),
        ("/usr/include/math.h", "package", "system"),
        ("/usr/local/include/boost/any.hpp", "package", "boost"),
        ("/opt/rh/gcc-toolset-14/root/usr/include/c++/14/vector", "package", "c++"),
        ("/v/lib/python3.11/site-packages/pybind11/include/pybind11/cast.h", "package", "pybind11"),
        ("/usr/src/app/mine.cpp", "file", ""),
        ("/home/u/lib/mine.cpp", "file", ""),
        ("mine.cpp", "file", ""),
    ],
)
def test_the_origin_of_a_compiled_file_from_elsewhere(path: str, origin: str, package: str) -> None:
    found = compiled_file(path)
    assert (found.origin, found.package) == (origin, package)


def test_a_file_that_is_not_here_is_not_the_users(source: Path) -> None:
    assert native_file(str(source), NO_CELLS).origin == "file"
    for path in ("/builds/numpy/core/src/loops.c", "numpy/random/mtrand.pyx"):
        assert native_file(path, NO_CELLS).origin == "native"
