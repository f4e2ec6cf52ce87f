"""Stacks that py-spy wrote: read, cut to the cell, named; no process is looked into.

``tests/data/native/mixed.raw.txt`` is a recording of a real kernel; its README says of what.
"""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from builds import mill
from hypothesis import given
from hypothesis import strategies as st
from profiles import by_function, lines_of, stacks

from jupyterlab_profiler.collect.clock import Stopwatch
from jupyterlab_profiler.collect.files import NO_CELLS
from jupyterlab_profiler.collect.native.build import Sampled, Sampling, build
from jupyterlab_profiler.collect.native.stacks import Place, RawFrame, cut, read_raw
from jupyterlab_profiler.collect.native.waiting import waits
from jupyterlab_profiler.collect.objects import LoadedObjects
from jupyterlab_profiler.model import Engine, Meta
from jupyterlab_profiler.symbols.elf import build_id_of
from jupyterlab_profiler.wire import decode, encode

DATA = (Path(__file__).parent.parent / "data" / "native" / "mixed.raw.txt").read_bytes()
CELL = Place("/tmp/ipykernel_100/200.py", 100)
LINES = DATA.decode().splitlines()
NO_OBJECTS = LoadedObjects("")


def count(line: str) -> int:
    return int(line.rpartition(" ")[2])


def sampled(
    data: bytes = DATA, *, threads: bool = True, objects: LoadedObjects = NO_OBJECTS
) -> Sampled:
    raw = read_raw(data)
    watch = Stopwatch(running_ns=2_000_000_000, awaiting_ns=10_000_000)
    sampling = Sampling(Engine("py-spy", "0.4.3"), 40e6, threads)
    return build(raw, cut(raw, CELL), sampling, watch, Meta(), NO_CELLS, objects)


def test_every_stack_is_somewhere() -> None:
    raw = read_raw(DATA)
    whole = sum(count(line) for line in LINES)
    assert sum(stack.count for stack in raw.stacks) == whole
    found = cut(raw, CELL)
    own, tasks, others = (
        sum(stack.count for stack in part) for part in (found.own, found.tasks, found.others)
    )
    assert own + tasks + others + found.outside == whole
    # Counted in the text itself.
    mine = [line for line in LINES if line.startswith("thread (100)")]
    assert own == sum(count(line) for line in mine if f"<module> ({CELL.module}:" in line)
    assert tasks == sum(
        count(line)
        for line in mine
        if f"job ({CELL.module}:" in line and "<module> (/tmp" not in line
    )
    assert own > 0 and tasks > 0
    result = sampled()
    assert result.own == own + tasks
    assert result.waiting + sum(result.working.values()) == others
    assert sum(result.profile.paths.ints("self.samples")) == own + tasks + sum(
        result.working.values()
    )


def test_nothing_above_the_cell_is_left() -> None:
    profile = sampled(threads=False).profile
    first = {profile.functions[stack[0]].name for stack, samples in stacks(profile) if samples}
    assert first == {"<module>", "job"}
    names = " ".join(function.qualified or function.name for function in profile.functions)
    assert "run_ast_nodes" not in names and "Native" not in names
    assert [thread.kind for thread in profile.threads] == ["thread", "task"]


def test_compiled_functions_have_the_samples_of_the_text() -> None:
    profile = sampled(threads=False).profile
    for name in ("mill::grind", "mill::sift", "mill::ask", "miller"):
        lines = [line for line in LINES if line.startswith("thread (100)") and f";{name} (" in line]
        assert by_function(profile, "total.samples")[name] == sum(map(count, lines)), name
    cpp = lines_of(profile, "/home/user/mill.cpp")
    total: dict[int, int] = {}
    for line in (line for line in LINES if line.startswith("thread (100)")):
        for number in set(re.findall(r"\(/home/user/mill\.cpp:(\d+)\)", line)):
            total[int(number)] = total.get(int(number), 0) + count(line)
    assert dict(cpp["total.samples"]) == total


def test_threads_that_work_are_roots_and_those_that_wait_are_counted() -> None:
    profile = sampled().profile
    names = [thread.name for thread in profile.threads]
    assert "worker; two" in names
    worker = names.index("worker; two")
    assert profile.threads[worker].tid > 100
    lines = [line for line in LINES if ": worker; two;" in line and "mill::sift" in line]
    assert by_function(profile, "total.samples", worker)["mill::sift"] == sum(map(count, lines))
    for name in ("Heartbeat", "IOPub", "Control", "Shell channel"):
        assert name not in names


def test_time_is_what_lies_between_samples() -> None:
    profile = sampled(threads=False).profile
    own, time = by_function(profile, "self.samples"), by_function(profile, "self.time")
    assert time.pop("awaiting") == 10_000_000
    assert {name: round(samples * 40e6) for name, samples in own.items() if samples} == +time


def test_it_travels() -> None:
    profile = sampled().profile
    again = decode(encode(profile))
    assert by_function(again, "total.samples") == by_function(profile, "total.samples")
    assert not {metric.id: metric for metric in again.metrics}["time"].exact


def test_addresses_without_a_name_are_told_by_object_and_offset() -> None:
    maps = "7fdc22c00000-7fdc22e00000 r-xp 00000000 08:01 42 /usr/lib/x86_64-linux-gnu/libc.so.6\n"
    line = f"thread (100): MainThread;<module> ({CELL.module}:3);{{}} (/usr/lib/x86_64-linux-gnu/libc.so.6) 2\n"
    text = line.format("0x7fdc22c27249") + line.format("0x7fdc22d00000") + line.format("0x10")
    result = sampled(text.encode(), objects=LoadedObjects(maps))
    own = by_function(result.profile, "self.samples")
    assert own == {"@{libc.so.6+160329}": 2, "@{libc.so.6+1048576}": 2, "0x10": 2} | dict.fromkeys(
        ["<module>", "awaiting"], 0
    )
    assert 0x27249 in result.profile.paths["address"]
    assert [found.path for found in result.profile.objects] == [
        "/usr/lib/x86_64-linux-gnu/libc.so.6"
    ]


def test_kinds_of_functions() -> None:
    line = "thread (100): M;<module> ({m}:1);calc.spin (/home/u/calc.pyx:7);f (/opt/x.so);g (?);h (<string>:1) 1\n"
    profile = sampled(line.replace("{m}", CELL.module).encode()).profile
    kinds = {function.name: function.kind for function in profile.functions}
    assert kinds == {
        "<module>": "python",
        "spin": "python",
        "f": "native",
        "g": "jit",
        "h": "generated",
        "(awaiting)": "pseudo",
    }


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"nonsense",
        b"thread (1): a;f (x.py:1)",
        b"thread (x): a;f (x.py:1) 3\n",
        b"thread (100): a 7\n",
        b"thread (100): a;;; 7\n",
        b"thread (100): a;f (x.py:99999999999999) 7\n",
        b"thread (100): a;f (x.py:1) 99999999999999999999\n",
        b"\xff\xfe;\x00 5\n",
        b"thread (100): M;<module> (/tmp/ipykernel_100/200.py:1);"
        + b"f (/a.cpp:1);" * 50_000
        + b"g (a) 1\n",
        b"thread (100): M;<module> (/tmp/ipykernel_100/200.py:1);" + b"(" * 100_000 + b") 1\n",
    ],
)
def test_what_is_damaged_or_hostile_is_counted_or_kept(data: bytes) -> None:
    raw = read_raw(data)
    whole = [line for line in data.split(b"\n") if line]
    assert len(raw.stacks) + raw.damaged == len(whole)
    sampled(data)


#: Names of folders: brackets in pairs with semicolons anywhere, or any brackets without those.
PAIRED = st.recursive(
    st.text("wx; .", max_size=4),
    lambda inner: st.builds("{}({}){}".format, inner, inner, inner),
    max_leaves=6,
)
FOLDERS = PAIRED | st.text("wx() .", max_size=8)
FRAMES = st.builds(
    RawFrame,
    st.sampled_from(["main", "<module>", "Work.step", "<[u8; 4] as fmt::Debug>::fmt"]),
    st.builds("/tmp/{}/mod.py".format, FOLDERS),
    st.integers(1, 9999),
) | st.builds(
    RawFrame,
    st.sampled_from(["grind", "mill::ask<double (int)>", "0x7f01"]),
    st.builds("/opt/{}/lib.so".format, PAIRED),
    st.just(0),
)
#: A thread begins in the C library.
ROOT = RawFrame("clone", "/lib/libc.so.6", 0)
THREADS = st.text("ab;() 1:.\n", max_size=12)


@given(
    st.lists(
        st.tuples(
            THREADS,
            st.lists(FRAMES, max_size=5).map(lambda frames: [ROOT, *frames]),
            st.integers(1, 99),
        ),
        max_size=4,
    )
)
def test_names_may_hold_what_stands_between_them(
    told: list[tuple[str, list[RawFrame], int]],
) -> None:
    def text(frame: RawFrame) -> str:
        return f"{frame.name} ({frame.path}{f':{frame.line}' if frame.line else ''})"

    raw = read_raw(
        "".join(
            f"thread ({tid}): {name};{';'.join(map(text, frames))} {times}\n"
            for tid, (name, frames, times) in enumerate(told)
        ).encode()
    )
    assert raw.damaged == 0
    assert [
        (stack.tid, stack.thread, [raw.frames[frame] for frame in stack.frames], stack.count)
        for stack in raw.stacks
    ] == [(tid, name, frames, times) for tid, (name, frames, times) in enumerate(told)]


def test_a_line_that_is_none_ends_no_stack_before_it() -> None:
    good = "thread (1): a\nb;f (/x.py:1) 3\n"
    raw = read_raw(f"noise\n\n{good}more\nnoise\n{good}thread (1): c".encode())
    assert [(stack.thread, stack.count) for stack in raw.stacks] == [("a\nb", 3)] * 2
    assert raw.damaged == 4


def test_a_file_that_was_cut_short_keeps_what_is_whole() -> None:
    chance = random.Random(3)
    for _ in range(30):
        raw = read_raw(DATA[: chance.randrange(len(DATA))])
        assert raw.damaged <= 1
        sampled(DATA[: chance.randrange(len(DATA))])


@pytest.mark.parametrize(
    ("frames", "is_waiting"),
    [
        ([RawFrame("epoll_wait", "/lib/libc.so.6", 0)], True),
        ([RawFrame("pthread_cond_wait@@GLIBC_2.3.2", "/lib/libc.so.6", 0)], True),
        ([RawFrame("sem_wait", "/l/libc.so.6", 0), RawFrame("0x7f01", "/l/libc.so.6", 0)], True),
        ([RawFrame("Condition.wait", "/lib/python3.13/threading.py", 355)], True),
        ([RawFrame("wait", "/home/u/mine.py", 1)], False),
        ([RawFrame("poll", "/home/u/mine.py", 1)], False),
        ([RawFrame("grind", "/m.so", 0), RawFrame("0x7f01", "/l/libc.so.6", 0)], False),
        ([RawFrame("0x7f01", "/m.so", 0)], False),
        ([], False),
    ],
)
def test_who_waits(frames: list[RawFrame], is_waiting: bool) -> None:
    assert waits(frames) is is_waiting


def test_a_build_id_is_read_of_an_object_and_of_nothing_else(tmp_path: Path) -> None:
    built = mill()
    whole = built.read_bytes()
    assert re.fullmatch(r"[0-9a-f]{40}", build_id_of(str(built)))
    assert bytes.fromhex(build_id_of(str(built))) in whole
    chance = random.Random(1)
    for length in (0, 5, 63, 64, 200, 1000):
        damaged = bytearray(whole[:length])
        for _ in range(3):
            if damaged:
                damaged[chance.randrange(len(damaged))] = 255
        (tmp_path / "damaged").write_bytes(bytes(damaged))
        assert re.fullmatch(r"[0-9a-f]*", build_id_of(str(tmp_path / "damaged")))
    assert build_id_of(str(tmp_path / "missing")) == build_id_of(__file__) == ""


def test_the_object_that_was_built_of_a_file_is_found() -> None:
    built = mill()
    objects = LoadedObjects(f"1000-2000 r-xp 00000000 08:01 4 {built}\n")
    assert objects.built_of("/anywhere/mill.cpp") == [str(built)]
    assert objects.built_of("/anywhere/other.cpp") == []
    assert objects.locate(0x1800) == (str(built), 0x800)
    assert objects.locate(0x2000) is None
