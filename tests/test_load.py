"""Loading and saving: kinds told by content, what is packed, what is added, what is refused."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import marshal
import math
import re
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from make_samples import SAMPLES
from strategies import profiles

from jupyterlab_profiler import load
from jupyterlab_profiler.formats import ENDINGS, FORMATS, dumps, format_of, loads
from jupyterlab_profiler.formats.added import added
from jupyterlab_profiler.formats.badfile import BadFileError
from jupyterlab_profiler.formats.csv import _number
from jupyterlab_profiler.formats.filename import file_of_path
from jupyterlab_profiler.formats.pstats import table_of
from jupyterlab_profiler.formats.unpack import unpacked
from jupyterlab_profiler.model import Profile

ROOT = Path(__file__).parent.parent
DATA = Path(__file__).parent / "data"
PROF, LPROF = DATA / "pstats" / "py3.13.prof", DATA / "lprof" / "v5.0.2-py3.13.lprof"
FOLDED, SPEEDSCOPE = (
    DATA / "collapsed" / "mosaic.mixed.folded",
    DATA / "speedscope" / "mosaic.mixed.speedscope.json",
)
DUMP = DATA / "igprof" / "hot.pp.gz"


def of(data: str | bytes) -> Profile:
    return loads([("file", data.encode() if isinstance(data, str) else data)])


# Written from the formats' descriptions; the smallest that shows what each is.
ELSEWHERE = {
    "file of callgrind": "# callgrind format\nevents: Ir\n\nfn=main\n1 2\n",
    "recording of perf": b"PERFILE2" + bytes(90),
    "heap profile of gperftools": "heap profile: 1: 2 [ 3: 4] @ heapprofile\n",
    "raw profile of google-pprof": "--- symbol\nbinary=/a\n",
    "Chrome trace": '{"traceEvents": [{"ph": "X"}]}',
    "CPU profile of Chrome": '{"nodes": [], "startTime": 1, "endTime": 2}',
    "session of pyinstrument": '{"session": {}, "frame_records": []}',
    # sample_type, sample, mapping, string_table, period
    "pprof profile": bytes.fromhex("0a0408011002 1204 0a01011 0 1a00 3200 6001".replace(" ", "")),
}


class TestKinds:
    @pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lambda data: data])
    @pytest.mark.parametrize("path", [PROF, LPROF, FOLDED, SPEEDSCOPE])
    def test_the_name_of_a_file_tells_nothing(self, path: Path, pack: Any, tmp_path: Path) -> None:
        (tmp_path / "notes.txt").write_bytes(pack(path.read_bytes()))
        found, expected = load(tmp_path / "notes.txt"), load(path)
        expected.meta.label = "notes.txt"
        assert found == expected

    @pytest.mark.parametrize("kind", ELSEWHERE)
    def test_kinds_that_are_opened_elsewhere_are_named(self, kind: str) -> None:
        with pytest.raises(ValueError, match=f"^file: at byte 0: this is a {kind}.*, which "):
            of(ELSEWHERE[kind])

    @pytest.mark.parametrize(
        "data", [b"", b"hello", b"{}", b"[1]", b'{"a": 1}', b"\0" * 100, b"\x7fELF", b"%PDF-1.4"]
    )
    def test_what_is_no_profile_is_refused(self, data: bytes) -> None:
        with pytest.raises(ValueError, match=r"^file: at byte 0: .* was expected, not "):
            of(data)

    def test_json_that_is_damaged_is_told_with_byte_and_line(self) -> None:
        with pytest.raises(ValueError, match=r"^file: at byte 13 \(line 3\): JSON was expected"):
            of('{"é":\n 1,\n  x}')
        for text in ('{"a": ' + "[" * 100_000, '{"a": ' * 100_000):
            with pytest.raises(ValueError, match=r"^file: at byte \d+"):
                of(text)
        with pytest.raises(ValueError, match=r"^file: at byte 2: .*UTF-8"):
            of(b'{"\xff": 1}')

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            (b'{"a": [' + b"[]," * 9_000_000, "at byte 25165825: more than 8388608 lists and"),
            (b'{"a": [' + b"{}," * 9_000_000, "at byte 25165825: more than 8388608 lists and"),
            (b'{"a": [' + b"1," * 34_000_000, "at byte 67108868: more than 33554432 values"),
        ],
    )
    def test_json_of_more_values_than_fit_into_the_memory_is_refused_before_they_are_made(
        self, text: bytes, reason: str
    ) -> None:
        tracemalloc.start()
        try:
            with pytest.raises(ValueError, match=f"^file: {reason}"):
                of(text)
            assert tracemalloc.get_traced_memory()[1] < 200_000_000
        finally:
            tracemalloc.stop()

    def test_signs_in_the_texts_of_json_are_no_values(self) -> None:
        signs = '[{,\\"' * 6_000_000
        with pytest.raises(ValueError, match="not other JSON"):
            of(f'{{"é": "{signs}", "a": ["{signs}"]}}')


class TestPacked:
    @given(data=st.binary(max_size=300), copies=st.integers(1, 3), zeros=st.sampled_from([0, 9]))
    def test_members_one_behind_the_other(self, data: bytes, copies: int, zeros: int) -> None:
        for pack in (gzip.compress, bz2.compress):
            assert unpacked(pack(data) * copies + bytes(zeros)) == data * copies

    @pytest.mark.parametrize("pack", [gzip.compress, bz2.compress])
    def test_what_is_damaged_is_told_with_the_byte(self, pack: Any) -> None:
        data = pack(bytes(range(256)) * 9)
        for length in range(12, len(data)):
            with pytest.raises(BadFileError, match=r"^at byte \d+: the file ends"):
                unpacked(data[:length])
        broken = bytearray(data)
        broken[len(data) // 2] ^= 0xFF
        with pytest.raises(BadFileError, match="is damaged"):
            unpacked(bytes(broken))
        with pytest.raises(BadFileError, match="something else stands behind"):
            unpacked(data + b"more")

    def test_bombs_and_absurd_sizes_take_neither_time_nor_memory(self, tmp_path: Path) -> None:
        """In a process that may have 900 MB, where each has to be refused."""
        resource = pytest.importorskip("resource", reason="limits are of POSIX")
        assert resource
        zeros = bytes(10_000_000)
        (tmp_path / "a.gz").write_bytes(gzip.compress(zeros) * 200)
        (tmp_path / "b.bz2").write_bytes(bz2.compress(zeros) * 200)
        (tmp_path / "c.prof").write_bytes(b"{)\3(" + b"\xff\xff\xff\x7f" + b"N" * 1000)
        (tmp_path / "d.prof").write_bytes(b"{" + b")\3z\1ai\0\0\0\0(" * 200_000)
        (tmp_path / "e.json").write_bytes(b'{"a": ' + b"[" * 5_000_000)
        (tmp_path / "f.lprof").write_bytes(
            b"\x80\x04\x8c\x0dline_profiler\x8c\x09LineStats\x93X\xff\xff\xff\x7fa"
        )
        (tmp_path / "g.folded").write_bytes(b"a;b 1\n" * 60 + b"a;" * 20_000_000 + b" 1")
        code = (
            "import resource, sys\n"
            "resource.setrlimit(resource.RLIMIT_AS, (900_000_000,) * 2)\n"
            "from jupyterlab_profiler import load\n"
            "for path in sys.argv[1:]:\n"
            "    try:\n        load(path)\n"
            "    except ValueError as error:\n        print(error)\n"
        )
        paths = sorted(map(str, tmp_path.iterdir()))
        done = subprocess.run(
            [sys.executable, "-c", code, *paths],
            capture_output=True, text=True, cwd=ROOT, check=True, timeout=300,
        )  # fmt: skip
        lines = done.stdout.splitlines()
        assert [line.partition(": at byte")[0] for line in lines] == paths
        assert all("more than 256000000 bytes" in line for line in lines[:2])


class TestAdding:
    def test_files_of_different_kinds_are_refused_by_name(self) -> None:
        with pytest.raises(ValueError, match="only files of one kind") as error:
            load(PROF, LPROF)
        assert f"{PROF} is a file of cProfile" in str(error.value)
        assert f"{LPROF} is a file of line_profiler" in str(error.value)

    def test_a_fault_is_told_of_the_file_that_has_it(self, tmp_path: Path) -> None:
        (tmp_path / "bad.prof").write_bytes(PROF.read_bytes()[:-1])
        with pytest.raises(
            ValueError, match=rf"^{re.escape(str(tmp_path))}/bad\.prof: at byte \d+"
        ):
            load(PROF, tmp_path / "bad.prof")

    def test_the_same_stacks_twice_are_twice_as_many(self) -> None:
        for path in (FOLDED, SPEEDSCOPE, DUMP):
            once, twice = load(path), load(path, path)
            for name in once.paths:
                factor = 2 if name.startswith("self.") else 1
                assert [factor * value for value in once.paths[name]] == list(twice.paths[name])

    @given(one=profiles(), other=profiles())
    @settings(
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        deadline=None,
        max_examples=15,
    )
    def test_our_own_files_are_added_row_by_row(self, one: Profile, other: Profile) -> None:
        data = [("a.json", dumps(one, "json")), ("b.json", dumps(other, "json"))]
        units = {metric.id: (metric.unit, metric.combine) for metric in one.metrics}
        if any(units.get(m.id, 0) not in (0, (m.unit, m.combine)) for m in other.metrics):
            with pytest.raises(ValueError, match="in one file and in"):
                loads(data)
            return
        both = loads(data)
        parts = [loads([file]) for file in data]
        ticks = {metric.id: metric.tick for metric in both.metrics}
        for name in ("paths", "lines"):
            tables = [getattr(part, name) for part in parts]
            assert getattr(both, name).rows == sum(table.rows for table in tables)
            for column in getattr(both, name):
                if column.startswith("self."):
                    metric = column.partition(".")[2]
                    values = [
                        sum(table.get(column, ())) * m.tick
                        for table, part in zip(tables, parts, strict=True)
                        for m in part.metrics
                        if m.id == metric
                    ]
                    total = sum(getattr(both, name)[column]) * ticks[metric]
                    assert math.isclose(total, sum(values), rel_tol=1e-6, abs_tol=1e3)
        dumps(both, "json")  # it is a profile

    def test_two_runs_of_one_function_are_one_row(self) -> None:
        data = dumps(SAMPLES["functions"](), "json")
        once, both = of(data), loads([("a", data), ("b", data)])
        assert both.functions == once.functions
        assert both.files == once.files
        totals = [vars(profile.stats())["stats"] for profile in (once, both)]
        assert totals[0].keys() == totals[1].keys()
        assert all(totals[1][key][1] == 2 * row[1] for key, row in totals[0].items())

    def test_lines_of_two_runs_are_added(self) -> None:
        data = dumps(SAMPLES["lines"](), "json")
        once, both = of(data), loads([("a", data), ("b", data)])
        doubled = once.line_stats() + once.line_stats()
        assert both.line_stats() == doubled
        assert both.sources == once.sources


SOURCES = {
    "cProfile": load(PROF),
    "call paths": SAMPLES["paths"](),
    "lines": load(LPROF),
    "functions and lines": added([SAMPLES["paths"](), SAMPLES["lines"]()]),
    "samples": load(FOLDED),
    "samples at lines": load(DATA / "collapsed" / "py-spy-0.4.3.folded"),
    "bytes": load(DATA / "igprof" / "hot.mp.gz"),
}
#: For igprof-navigator, which reads what nobody here does.
NAVIGATOR = ("igprof-sqlite", "igprof-json")
#: What each can be written as, as docs/files.md has it.
WRITTEN = {
    "cProfile": {"pstats", "json", "csv"},
    "call paths": {"pstats", "json", "csv", "speedscope", "collapsed", *NAVIGATOR},
    "lines": {"lprof", "json"},
    "functions and lines": {"pstats", "lprof", "json", "csv", "speedscope", "collapsed"}
    | {*NAVIGATOR},
    "samples": {"json", "csv", "speedscope", "collapsed", *NAVIGATOR},
    "samples at lines": {"json", "csv", "speedscope", "collapsed", *NAVIGATOR},
    "bytes": {"json", "csv", "speedscope", "collapsed", *NAVIGATOR},
}


class TestSaving:
    @pytest.mark.parametrize("name", FORMATS)
    @pytest.mark.parametrize("source", SOURCES)
    def test_what_a_format_has_no_place_for_is_refused_with_the_reason(
        self, source: str, name: str, tmp_path: Path
    ) -> None:
        path = tmp_path / f"a{next(end for end, known in ENDINGS.items() if known == name)}"
        if name in WRITTEN[source]:
            SOURCES[source].save(path)
            assert path.stat().st_size
            if name not in ("csv", *NAVIGATOR):
                load(path)
        else:
            with pytest.raises(ValueError, match=r"^this profile has .*(but|, which|, and)"):
                SOURCES[source].save(path)
            assert list(tmp_path.iterdir()) == []

    def test_the_longer_ending_counts(self) -> None:
        assert format_of("a.speedscope.json") == "speedscope"
        assert format_of("/x.prof/a.JSON") == "json"
        for name in ("a.txt", "a", ".json", "speedscope"):
            with pytest.raises(ValueError, match="no format has the ending"):
                format_of(name)

    def test_the_table_has_the_exact_numbers(self) -> None:
        profile = load(PROF)
        text = dumps(profile, "csv").decode()
        assert text.endswith("\r\n")
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        table = table_of(profile)
        assert len(rows) == len(table)
        found = {(row["file"] or "~", int(row["line"] or 0), row["function"]): row for row in rows}
        for (file, line, name), (primitive, calls, own, total, _) in table.items():
            if file == "~":
                continue
            row = found[file, line, name]
            assert (int(row["ncalls"]), int(row["primitive_calls"])) == (calls, primitive)
            assert (float(row["tottime"]), float(row["cumtime"])) == (own, total)
            assert float(row["tottime_percall"]) == own / calls

    def test_what_a_spreadsheet_would_calculate_is_text(self) -> None:
        table = {("=1+1.py", 1, '@f"'): (1, 1, 0.5, 0.5, {})}
        text = dumps(of(marshal.dumps(table)), "csv").decode()
        assert text.split("\r\n")[1] == '1,1,0.5,0.5,0.5,0.5,python,\'=1+1.py,1,"\'@f"""'

    # As JavaScript's String() writes them (ECMA-262, Number::toString).
    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (None, ""), (0.0, "0"), (7, "7"), (7.0, "7"), (-2.5, "-2.5"), (1e-7, "1e-7"),
            (0.000001, "0.000001"), (1.5e-9, "1.5e-9"), (1e16, "10000000000000000"), (1e21, "1e+21"),
            (123456789012345680000.0, "123456789012345680000"), (100, "100"), (0.1 + 0.2, "0.30000000000000004"),
        ],
    )  # fmt: skip
    def test_numbers_are_written_as_the_browser_writes_them(self, value: Any, text: str) -> None:
        assert _number(value) == text

    @given(profile=profiles())
    @settings(
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        deadline=None,
        max_examples=15,
    )
    def test_any_profile_is_written_or_refused_with_a_reason(self, profile: Profile) -> None:
        for name in FORMATS:
            try:
                data = dumps(profile, name)
            except ValueError as error:
                assert " " in str(error)  # noqa: PT017
                continue
            if name in ("json", "speedscope"):
                assert isinstance(json.loads(data), dict)

    def test_speedscope_has_the_times_of_all_call_paths(self) -> None:
        profile = SAMPLES["paths"]()
        again = of(dumps(profile, "speedscope"))
        assert sum(again.paths["self.time"]) == sum(profile.paths["self.time"])
        assert [thread.name for thread in again.threads] == [
            thread.name for thread in profile.threads
        ]


# As src/formats/__tests__ have them.
@pytest.mark.parametrize(
    ("path", "label", "origin", "package"),
    [
        ("/opt/python3.13/lib/python3.13/json/decoder.py", "json/decoder.py", "stdlib", "json"),
        (r"C:\Python312\Lib\threading.py", "threading.py", "stdlib", "threading"),
        ("/v/lib/python3.11/site-packages/numpy/core.py", "numpy/core.py", "package", "numpy"),
        ("/tmp/ipykernel_17/1234.py", "", "cell", ""),
        ("<ipython-input-3-abc>", "Cell [3]", "cell", ""),
        ("<frozen importlib._bootstrap>", "importlib._bootstrap", "frozen", "importlib"),
        ("<string>", "<string>", "none", ""),
        ("", "", "none", ""),
        ("/usr/lib/libm.so.6", "", "native", ""),
        ("/home/me/fit.py", "", "file", ""),
    ],
)
def test_paths_from_elsewhere(path: str, label: str, origin: str, package: str) -> None:
    file = file_of_path(path)
    assert (file.label, file.origin, file.package) == (label, origin, package)
