"""Files are what the other language writes of the same profile, and those they are for read them."""

from __future__ import annotations

import marshal
import pstats
from pathlib import Path

import pytest
import written
from written import FOLDER

from jupyterlab_profiler import load
from jupyterlab_profiler.formats import dumps, loads
from jupyterlab_profiler.formats.pstats import table_of, write_pstats
from jupyterlab_profiler.model import CALLS, Function, Metric, Profile, Table, Thread

MADE = written.files()
PROFILES = written.profiles()


def test_every_file_in_the_folder_is_made_by_the_script() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(MADE)


@pytest.mark.parametrize("name", sorted(MADE))
def test_the_script_makes_the_same_file_again(name: str) -> None:
    assert (FOLDER / name).read_bytes() == MADE[name]


@pytest.mark.parametrize("name", sorted(name for name in MADE if name.endswith(".prof")))
def test_pstats_reads_the_table_of_the_profile(name: str) -> None:
    table = table_of(PROFILES[name.removesuffix(".prof")])
    assert list(marshal.loads((FOLDER / name).read_bytes()).items()) == list(table.items())
    assert vars(pstats.Stats(str(FOLDER / name)))["stats"] == table


def test_pstats_does_not_open_a_table_of_nothing_so_none_is_saved(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no functions, and pstats opens no file without any"):
        Profile().save(tmp_path / "a.prof")
    write_pstats(Profile(), tmp_path / "a.prof")  # what -D asks for is there, as with %prun
    with pytest.raises(TypeError, match="Cannot create"):
        pstats.Stats(str(tmp_path / "a.prof"))


def test_calls_without_times_are_refused() -> None:
    totals = Table(function=[0], **{"self.calls": [1], "self.bytes": [1]})
    metrics = [CALLS, Metric("bytes", "Bytes", "bytes")]
    profile = Profile(metrics=metrics, functions=[Function("f", "f")], totals=totals)
    with pytest.raises(ValueError, match="this profile has no times, but calls, bytes, and"):
        dumps(profile, "pstats")


@pytest.mark.parametrize("name", ["v3.5.1", "v5.0.2"])
def test_a_file_of_line_profiler_keeps_its_times_and_its_unit(name: str) -> None:
    stats = load(written.DATA / written.OTHERS[name]).line_stats()
    assert stats.unit == {"v3.5.1": 1e-6, "v5.0.2": 1e-9}[name]
    assert load(FOLDER / f"{name}.lprof").line_stats() == stats


def test_parts_of_a_unit_of_time_are_kept(tmp_path: Path) -> None:
    profile = load(written.DATA / written.OTHERS["v3.5.1"])
    profile.lines = Table({**profile.lines, "total.time": [0.25] * profile.lines.rows})
    path = str(tmp_path / "parts.lprof")
    (again,) = (loads([(path, dumps(profile, "lprof"))]),)
    times = [time for lines in again.line_stats().timings.values() for _, _, time in lines]
    assert set(times) == {0.25}


@pytest.mark.parametrize("kind", ["collapsed", "speedscope"])
def test_call_paths_with_calls_alone_are_refused_as_such(kind: str) -> None:
    paths = Table(parent=[0], function=[0], **{"self.calls": [1]})
    profile = Profile(metrics=[CALLS], threads=[Thread("")], paths=paths)
    with pytest.raises(ValueError, match="call paths with no times or samples"):
        dumps(profile, kind)
