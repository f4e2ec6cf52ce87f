"""Dumps of igprof, collapsed stacks and speedscope's JSON: read, added, and the latter two written.

Samples: `igprof/` by igprof of June 2026, with the reports that igprof-analyse printed of them;
`collapsed/` and `speedscope/` by py-spy 0.4.3, pyinstrument 5.1.3, google-pprof of gperftools 2.10
and perf 6.1. Others are written from the grammar.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyterlab_profiler import load
from jupyterlab_profiler.derive import totals_and_edges
from jupyterlab_profiler.formats import dumps, loads
from jupyterlab_profiler.model import Profile

DATA = Path(__file__).parent / "data"
IGPROF, COLLAPSED, SPEEDSCOPE = (DATA / name for name in ("igprof", "collapsed", "speedscope"))
DEMANGLED = json.loads((IGPROF / "demangled.json").read_text("utf-8"))


def of(data: str | bytes, *more: str | bytes) -> Profile:
    files = [text.encode() if isinstance(text, str) else text for text in (data, *more)]
    return loads([(f"file{number}", text) for number, text in enumerate(files)])


def by_name(profile: Profile, metric: str) -> dict[str, tuple[float, float]]:
    """Own and total value of each function, under its name for people."""
    totals, _ = totals_and_edges(profile)
    names = [function.qualified or function.name for function in profile.functions]
    return {
        names[function]: (own, total)
        for function, own, total in zip(
            totals.ints("function"),
            totals[f"self.{metric}"],
            totals[f"total.{metric}"],
            strict=True,
        )
    }


def stacks_of(profile: Profile, metric: str = "samples") -> dict[tuple[str, ...], float]:
    """What each stack of names has itself, threads together."""
    found: Counter[tuple[str, ...]] = Counter()
    stacks: list[tuple[str, ...]] = []
    for row, (offset, function, own) in enumerate(
        zip(
            profile.paths.ints("parent"),
            profile.paths.ints("function"),
            profile.paths[f"self.{metric}"],
            strict=True,
        )
    ):
        above = stacks[row - offset] if offset else ()
        named = profile.functions[function]
        stacks.append((*above, named.qualified or named.name))
        if own:
            found[stacks[-1]] += own
    return dict(found)


def flat(name: str, part: str) -> list[tuple[list[float], str]]:
    """Numbers and names of a part of what igprof-analyse printed.

    Without recursion, whose inner calls have rows of their own there.
    """
    text = (IGPROF / name).read_text("utf-8").split(f"Flat profile ({part}")[1].split("-----")[0]
    rows = re.findall(r"^ +[\d.]+ +([\d'. ]+)  ([^\d'. ].*) \[\d+\]$", text, re.MULTILINE)
    recursive = {name.rpartition("'")[0] for _, name in rows if re.search(r"'\d+$", name)}
    return [
        ([float(number.replace("'", "")) for number in numbers.split()], name)
        for numbers, name in rows
        if name not in recursive and not re.search(r"'\d+$", name)
    ]


class TestIgprof:
    def test_ticks_are_those_that_igprof_query_prints(self) -> None:
        profile = load(IGPROF / "hot.plain.pp")
        assert [metric.id for metric in profile.metrics] == ["time", "samples"]
        rows = by_name(profile, "samples")
        text = (IGPROF / "hot.plain.igprof-query-top.txt").read_text("utf-8")
        found = re.findall(r"^ +\d+ +(\d+) +(\d+) +\d+  ([^@]\S.*)$", text, re.MULTILINE)
        assert len(found) > 10
        assert {name: (float(own), float(total)) for total, own, name in found} == {
            name: rows[name] for _, _, name in found
        }
        # A name that the dump does not have is a place in a library, told alike in every run.
        assert rows["@{libc.so.6+160330}"] == (0, 214)

    def test_seconds_are_those_that_igprof_analyse_prints(self) -> None:
        rows = by_name(load(IGPROF / "hot.pp.gz"), "time")
        for column, part in ((1, "cumulative >= 1%)"), (0, "self >= 0.01%)")):
            found = {name: numbers[0] for numbers, name in flat("hot.pp.no-g.txt", part)}
            found["spontaneous"] = found.pop("<spontaneous>", 0)
            assert len(found) > 15
            # Two decimals are printed, of ticks of 5 ms.
            assert {name: rows[name][column] * 0.005 for name in found} == pytest.approx(
                found, abs=0.00501, rel=0
            )

    def test_bytes_and_their_events(self) -> None:
        profile = load(IGPROF / "hot.mp.gz")
        assert [(metric.id, metric.combine) for metric in profile.metrics] == [
            ("bytes", "sum"), ("allocations", "sum"), ("max_bytes", "max"), ("live_bytes", "sum"),
            ("live_allocations", "sum"), ("live_bytes_peak", "sum"),
        ]  # fmt: skip
        sizes, counts = by_name(profile, "bytes"), by_name(profile, "allocations")
        found = flat("hot.mp.MEM_TOTAL.txt", "cumulative >= 1%)")
        # Others have names there that were found in the binaries.
        common = {name: numbers for numbers, name in found if name in sizes}
        assert {"_start", "main", "readCatalog(int)"} < set(common)
        assert {name: [sizes[name][1], counts[name][1]] for name in common} == common
        assert {warned.code for warned in profile.meta.warnings} == {"resources", "filters"}
        # Malloc and its like, and what igprof took itself, are counted as igprof-analyse does.
        assert sum(profile.paths["self.bytes"]) == 16_499_836

    def test_names_are_those_for_people_and_each_address_is_a_node(self) -> None:
        profile = load(IGPROF / "hot.pp.gz")
        names = {function.name for function in profile.functions}
        assert {DEMANGLED[name] for name in ("_Z11readCatalogi", "_Z3fibj")} <= names
        assert not any(name.startswith("_Z") for name in names)
        lines = gzip.decompress((IGPROF / "hot.pp.gz").read_bytes()).splitlines()
        assert profile.paths.rows == len(lines)  # the header's place is that of the root
        # Inlined code of readCatalog was met at three addresses, and called from others.
        found = {
            address
            for function, address in zip(
                profile.paths.ints("function"), profile.paths.ints("address"), strict=True
            )
            if profile.functions[function].name == "readCatalog(int)"
        }
        assert {0x280A, 0x2811, 0x285D, 0x2880} <= found

    def test_runs_are_added_by_the_names_of_functions(self) -> None:
        rows = by_name(load(IGPROF / "hot.pp.gz", IGPROF / "hot_run2.pp.gz"), "time")
        printed = flat("merged-two-runs.txt", "cumulative >= 1%)")
        found = {name: numbers[0] for numbers, name in printed if name in rows}
        assert found["main"] == 8.98 and len(found) > 5
        assert {name: rows[name][1] * 0.005 for name in found} == pytest.approx(
            found, abs=0.00501, rel=0
        )

    @pytest.mark.parametrize("pack", [gzip.compress, lambda data: data])
    def test_decimal_and_old_dumps(self, pack: Any) -> None:
        # One number a function, with offsets that vary; decimal, as before 2011.
        dump = (
            "P=(ID=17 N=(./old) T=0.010000)\n"
            "C1 FN0=(F0=(./old)+100 N=(main))+4\n"
            "C2 FN1=(F0+200 N=(work))+8 V0=(PERF_TICKS):(12,12,12)\n"
            "C2 FN1+16 V0:(3,3,3)\n"
            "C2 FN2=(F1=()+0 N=(@?0x7f10))+0 V0:(1,1,1)\n"
        )
        profile = of(pack(dump.encode()))
        assert stacks_of(profile) == {
            ("spontaneous", "main", "work"): 15, ("spontaneous", "main", "@?0x7f10"): 1,
        }  # fmt: skip
        assert profile.metrics[0].tick == 10_000_000
        assert [function.kind for function in profile.functions] == [
            "pseudo", "native", "native", "jit",
        ]  # fmt: skip

    def test_counters_of_any_name_have_a_metric_each(self) -> None:
        profile = of(
            "P=(HEX ID=1 N=(a) T=0.0)\nC1 FN0=(F0=(a)+1 N=(main))+1 "
            "V0=(CALLS):(1,2,2) V1=(Calls):(1,3,3) V2=(TIME):(1,4,4) V3=(_X_MAX):(1,5,5)\n"
        )
        assert {name: max(column) for name, column in profile.paths.items() if "." in name} == {
            "self.calls_": 2, "self.calls_events": 1, "self.calls__": 3, "self.time_": 4,
            "self.c_x_max": 5,
        }  # fmt: skip

    def test_lines_that_are_spliced_cost_their_node_and_are_counted(self) -> None:
        lines = gzip.decompress((IGPROF / "hot.pp.gz").read_bytes()).split(b"\n")
        whole = stacks_of(of(b"\n".join(lines)))
        broken = [*lines]
        at = next(n for n, line in enumerate(lines) if line.startswith(b"C5 FN5="))
        broken[at] = b"C5 FN5=(F0+28C4 FN" + lines[at]
        profile = of(b"\n".join(broken))
        assert [warned.code for warned in profile.meta.warnings] == ["lost"]
        assert sum(whole.values()) - sum(stacks_of(profile).values()) == 1

    def test_a_lost_definition_is_told_and_its_callees_stand_where_they_can(self) -> None:
        profile = of(
            "P=(HEX ID=1 N=(a) T=0.005)\nC1 FN0=(F0=(a)+1 N=(main))+1\n"
            "C2 FN1=(F0+2 N=(f))+1 V0=(PERF_TICKS):(1,1,1\n"
            "C3 FN2=(F0+3 N=(g))+1 V0=(PERF_TICKS):(2,2,2)\n"
            "C3 FN1+1 V0:(4,4,4)\n"
        )
        assert stacks_of(profile) == {
            ("spontaneous", "main", "g"): 2, ("spontaneous", "main", "(lost)"): 4,
        }  # fmt: skip
        assert [warned.code for warned in profile.meta.warnings] == ["lost", "moved", "undefined"]

    def test_each_prefix_is_read_with_a_warning_or_refused(self) -> None:
        data = (IGPROF / "hot.plain.pp").read_bytes()
        total = sum(stacks_of(of(data)).values())
        for length in range(0, len(data), 7):
            profile = read_or_refused(data[:length])
            if profile is not None:
                ends = data[length - 1 : length] == b"\n"
                assert ends or profile.meta.warnings[0].code == "lost"
                assert "samples" not in profile.paths or sum(stacks_of(profile).values()) <= total


class TestCollapsed:
    def test_every_stack_has_its_count(self) -> None:
        text = (COLLAPSED / "mosaic.mixed.folded").read_text("utf-8")
        expected: Counter[str] = Counter()
        for line in text.splitlines():
            stack, _, count = line.rpartition(" ")
            names = [re.sub(r"^py::(.*?):.*", r"\1", frame) for frame in stack.split(";")]
            expected[";".join(names)] += int(count)
        profile = load(COLLAPSED / "mosaic.mixed.folded")
        assert {";".join(stack): n for stack, n in stacks_of(profile).items()} == expected
        assert sum(expected.values()) == 192
        found = {function.qualified: function for function in profile.functions}
        butler = found["TaskRunner.run"]
        assert (butler.name, butler.kind) == ("run", "python")
        assert profile.files[butler.file or 0].path == "/opt/demo/mosaic.py"

    def test_lines_of_py_spy_count_once_a_stack(self) -> None:
        path = COLLAPSED / "py-spy-0.4.3.folded"
        profile = load(path)
        expected: dict[str, list[int]] = {}
        for line in filter(lambda text: text[:1] != " ", path.read_text("utf-8").splitlines()):
            stack, _, count = line.rpartition(" ")
            frames = [
                re.sub(r"^(?:.*\.)?(.+) \((.*)\)$", r"\2 \1", one) for one in stack.split(";")
            ]
            for frame in set(frames):
                expected.setdefault(frame, [0, 0])[1] += int(count)
            expected[frames[-1]][0] += int(count)
        found = {
            f"{profile.files[file - 1].path}:{line} {profile.functions[function - 1].name}": [own, total]
            for file, line, function, own, total in zip(
                *(profile.lines.ints(name) for name in ("file", "line", "function")),
                profile.lines["self.samples"], profile.lines["total.samples"], strict=True,
            )
        }  # fmt: skip
        assert found == expected
        # py-spy said "Samples: 272".
        assert sum(profile.paths["self.samples"]) == 269
        assert [warned.text for warned in profile.meta.warnings] == [
            "3 samples have no stack. They are not in the profile."
        ]

    def test_frames_for_processes_and_threads(self) -> None:
        profile = of(
            'process 7:"python x.py";thread (0x1F): MainThread;main (x.py:3) 2\n'
            'process 7:"python x.py";thread (9);main (x.py:4) 1\nmain (x.py) 4\n'
        )
        assert [(thread.name, thread.pid, thread.tid) for thread in profile.threads] == [
            ("MainThread", 7, 31), ("thread (9)", 7, 9), ("", 0, 0),
        ]  # fmt: skip
        assert stacks_of(profile) == {("main",): 7}

    def test_kinds_are_those_that_names_and_files_tell(self) -> None:
        profile = of(
            "f (/x (1)/a.py:3) 2\nmain;sys_read_[k] 1\nmain;jitted_[j] 1\nmain;small_[i] 4\n"
            "main;deep (/lib/libm.so.6) 1\nstd::sort (sort.h:9);with blank (a.txt:2) 1\n"
            "Array::sum (hot.cpp:7) 1\nfast (fast.pyx:3) 1\n"
        )
        kinds = {function.name: function.kind for function in profile.functions}
        assert kinds == {
            "f": "python", "main": "native", "sys_read": "native", "jitted": "jit",
            "small": "native", "deep": "native", "std::sort": "native", "with blank": "other",
            "Array::sum": "native", "fast": "python",
        }  # fmt: skip
        assert [found.path for found in profile.objects] == ["[kernel]", "/lib/libm.so.6"]
        alone = of("main;work 1\nmain;_Z4workv 2\n")
        assert [function.kind for function in alone.functions] == ["other", "other", "native"]

    def test_addresses_and_inlined_frames_of_google_pprof(self) -> None:
        profile = load(COLLAPSED / "hot.gperf.collapsed.txt")
        assert any(profile.paths["address"]) and any(profile.paths["inlined"])
        assert not any("<0000" in function.name for function in profile.functions)

    def test_recursion_counts_once_and_files_are_added(self) -> None:
        profile = of("f;f;g 1\nf 2.5\n# made up\n\n", "f;f;g 4\r\nh;f 1\r\n")
        assert stacks_of(profile) == {("f", "f", "g"): 5, ("f",): 2.5, ("h", "f"): 1}
        assert by_name(profile, "samples")["f"] == (3.5, 8.5)

    def test_a_line_without_a_count_is_told_with_byte_and_line(self) -> None:
        with pytest.raises(ValueError, match=r"^file0: at byte 360 \(line 61\): .*'a;b x'"):
            of("a;b 2\n" * 60 + "a;b x\n")

    @given(
        st.dictionaries(
            st.lists(
                st.text(st.characters(exclude_characters=";\r\n", codec="utf-8"), min_size=1)
                .filter(lambda name: name.strip() == name and not re.search(r"[)\]>]$|^py::|^#", name))
                .filter(lambda name: not name.startswith(("process ", "thread "))),
                min_size=1, max_size=4,
            ).map(tuple),
            st.integers(1, 10**15), min_size=1, max_size=8,
        )
    )  # fmt: skip
    def test_what_is_written_is_read(self, stacks: dict[tuple[str, ...], int]) -> None:
        lines = [f"{';'.join(stack)} {count}" for stack, count in stacks.items()]
        profile = of("\n".join([*lines, "a;b 0"]))
        kept = {stack: n for stack, n in stacks_of(profile).items() if n}
        assert kept == stacks
        assert stacks_of(of(dumps(profile, "speedscope"))) == stacks
        assert stacks_of(of(dumps(profile, "collapsed") + b"a;b 0\n")) == stacks


def sampled(samples: Any, weights: Any, unit: str = "none", name: str = "main") -> dict[str, Any]:
    return {
        "type": "sampled", "name": name, "unit": unit, "startValue": 0, "endValue": 9,
        "samples": samples, "weights": weights,
    }  # fmt: skip


def evented(*events: tuple[str, float, int], end: float = 9) -> dict[str, Any]:
    return {
        "type": "evented", "name": "main", "unit": "milliseconds", "startValue": 0, "endValue": end,
        "events": [{"type": kind, "at": at, "frame": frame} for kind, at, frame in events],
    }  # fmt: skip


def speedscope(*profiles: Any, frames: Any = None, **more: Any) -> str:
    names = [{"name": name} for name in "abc"]
    return json.dumps(
        {"shared": {"frames": frames or names}, "profiles": profiles, "exporter": "x@1", **more}
    )


class TestSpeedscope:
    def test_it_holds_what_the_collapsed_stacks_of_the_same_run_hold(self) -> None:
        one = load(SPEEDSCOPE / "mosaic.mixed.speedscope.json")
        other = load(COLLAPSED / "mosaic.mixed.folded")
        names = {
            tuple(re.sub(r"^py::(.*?):.*", r"\1", name) for name in stack): count
            for stack, count in stacks_of(one).items()
        }
        assert names == stacks_of(other)

    def test_lines_of_py_spy_are_where_it_was(self) -> None:
        profile = load(SPEEDSCOPE / "py-spy-0.4.3.speedscope.json")
        assert profile.meta.engine.name == "py-spy"
        assert [metric.id for metric in profile.metrics] == ["time"]
        assert profile.lines.rows > 10
        assert {thread.tid for thread in profile.threads} != {0}

    def test_files_of_compiled_code_are_told(self) -> None:
        frames = [
            {"name": "f", "file": "a.py"},
            {"name": "sum", "file": "hot.cpp", "line": 3},
            {"name": "sin", "file": "/lib/libm.so.6"},
        ]
        profile = of(speedscope(sampled([[0, 1, 2]], [1]), frames=frames))
        assert [function.kind for function in profile.functions] == ["python", "native", "native"]
        assert [found.path for found in profile.objects] == ["/lib/libm.so.6"]

    def test_lines_of_pyinstrument_are_where_functions_begin(self) -> None:
        profile = load(SPEEDSCOPE / "pyinstrument-5.1.3.speedscope.json")
        assert profile.lines.rows == 0
        assert any(function.line for function in profile.functions)

    def test_events_are_calls_and_time(self) -> None:
        profile = of(
            speedscope(
                evented(
                    ("O", 1, 0), ("O", 2, 1), ("C", 4.5, 1), ("O", 5, 1), ("C", 6, 1), ("C", 7, 0)
                )
            )
        )
        assert stacks_of(profile, "time") == {("a",): 2_500_000, ("a", "b"): 3_500_000}
        assert stacks_of(profile, "calls") == {("a",): 1, ("a", "b"): 2}
        assert profile.meta.warnings == []
        stats = vars(profile.stats())["stats"]
        assert stats["~", 0, "a"][:4] == (1, 1, 0.0025, 0.006)

    def test_what_is_not_balanced_is_told(self) -> None:
        profile = of(
            speedscope(evented(("O", 1, 0), ("O", 2, 1), ("C", 3, 0), ("C", 3, 2), ("O", 4, 2)))
        )
        assert stacks_of(profile, "time") == {
            ("a",): 1_000_000, ("a", "b"): 1_000_000, ("c",): 5_000_000
        }  # fmt: skip
        (warned,) = profile.meta.warnings
        assert (
            warned.text.startswith("2 frames are never closed") and "; 1 are closed" in warned.text
        )

    def test_profiles_are_threads_and_files_are_added_by_their_names(self) -> None:
        text = speedscope(sampled([[0, 1]], [2], name="one"), sampled([[0]], [3], name="two"))
        profile = of(text, text)
        assert [thread.name for thread in profile.threads] == ["one", "two"]
        assert stacks_of(profile) == {("a", "b"): 4, ("a",): 6}

    def test_threads_keep_their_names_and_numbers_when_written(self) -> None:
        for name in ("py-spy-0.4.3", "pyinstrument-5.1.3"):
            profile = load(SPEEDSCOPE / f"{name}.speedscope.json")
            copy = of(dumps(profile, "speedscope"))
            assert copy.threads == profile.threads
            assert stacks_of(copy, "time") == stacks_of(profile, "time")

    @pytest.mark.parametrize(
        ("profile", "where"),
        [
            (sampled([[0]], []), r"profiles\[0\]\.weights"),
            (sampled([[3]], [1]), r"profiles\[0\]\.samples\[0\]"),
            (sampled([[-1]], [1]), r"profiles\[0\]\.samples\[0\]"),
            (sampled([[True]], [1]), r"profiles\[0\]\.samples\[0\]"),
            (sampled([0], [1]), r"profiles\[0\]\.samples\[0\]"),
            (sampled([[0]], ["1"]), r"profiles\[0\]\.weights\[0\]"),
            (sampled([[0]], [10**400]), r"profiles\[0\]\.weights\[0\]"),
            (sampled([[0]], [1], unit="weeks"), r"profiles\[0\]\.unit"),
            (evented(("O", 2, 0), ("C", 1, 0)), r"profiles\[0\]\.events\[1\]\.at"),
            (evented(("X", 2, 0)), r"profiles\[0\]\.events\[0\]\.type"),
            ({"type": "other"}, r"profiles\[0\]\.type"),
            (7, r"profiles\[0\]"),
        ],
    )
    def test_what_is_wrong_is_told_with_its_place(self, profile: Any, where: str) -> None:
        with pytest.raises(ValueError, match=rf"^file0: at byte \d+: {where}: "):
            of(speedscope(profile))

    def test_numbers_that_are_none_are_refused_with_the_byte(self) -> None:
        for bad in ("1e999", "NaN", "Infinity", "-1e400"):
            text = speedscope(sampled([[0]], [77])).replace("77", bad)
            with pytest.raises(ValueError, match=r"^file0: at byte \d+"):
                of(text)


@pytest.mark.parametrize(
    "path",
    [
        IGPROF / "hot.pp.gz",
        IGPROF / "hot.mp.gz",
        COLLAPSED / "py-spy-0.4.3.folded",
        SPEEDSCOPE / "py-spy-0.4.3.speedscope.json",
    ],
    ids=lambda path: path.name,
)
def test_files_with_wrong_bytes_are_read_or_refused(path: Path) -> None:
    original = path.read_bytes()
    if path.suffix == ".gz":
        original = gzip.decompress(original)
    random.seed(3)
    refused = 0
    for _ in range(400):
        data = bytearray(original)
        for _ in range(random.choice([1, 1, 20])):
            data[random.randrange(len(data))] = random.randrange(256)
        profile = read_or_refused(bytes(data))
        if profile is None:
            refused += 1
        else:
            assert profile.paths.rows < len(original)
    assert refused < 400


def read_or_refused(data: bytes) -> Profile | None:
    """The profile; None if it is refused, with the byte."""
    said = ""
    try:
        return of(data)
    except ValueError as error:
        said = str(error)
    assert said.startswith("file0: at byte ")
    return None


@given(
    data=st.binary(max_size=100),
    head=st.sampled_from([b"P=(ID=1 N=(a) T=1)\nC1 ", b"{", b"a;b 1\n"]),
)
def test_any_bytes_are_read_or_refused(data: bytes, head: bytes) -> None:
    with suppress(ValueError):
        of(head + data)


def test_a_deep_stack_needs_no_deep_call_stack() -> None:
    depth = 100_000
    profile = of(";".join(f"f{n % 3}" for n in range(depth)) + " 1\na;b 1")
    assert profile.paths.rows == depth + 2
    assert by_name(profile, "samples")["f0"] == (1, 1) or depth % 3 != 1
    assert stacks_of_depth(of(dumps(profile, "speedscope"))) == depth


def stacks_of_depth(profile: Profile) -> int:
    depths: list[int] = []
    for row, offset in enumerate(profile.paths.ints("parent")):
        depths.append(depths[row - offset] + 1 if offset else 1)
    return max(depths)
