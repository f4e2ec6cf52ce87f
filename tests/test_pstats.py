"""pstats: the same tables as cProfile's, in memory and in files."""

from __future__ import annotations

import cProfile
import errno
import json
import os
import pstats
import stat
import subprocess
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from make_samples import SAMPLES
from stats_profiles import DATA, profile_of_file, profile_of_run
from strategies import profiles

from jupyterlab_profiler.derive import derive
from jupyterlab_profiler.formats import files
from jupyterlab_profiler.formats.pstats import collisions, table_of, to_stats, write_pstats
from jupyterlab_profiler.model import Function, Profile, Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILES = ["mosaic.py3.13.prof", "py3.13.prof", "py3.7.prof", "notebook-cell.py3.13.prof"]


def numbers(stats: Any) -> dict[Any, Any]:
    """The table, with times to the nanosecond, which is all that the clock gives."""
    return {
        key: (cc, nc, round(tt * 1e9), round(ct * 1e9), {
            caller: (*counts[:2], *(round(time * 1e9) for time in counts[2:]))
            for caller, counts in callers.items()
        })
        for key, (cc, nc, tt, ct, callers) in stats.stats.items()
    }  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_profile_gives_the_stats_it_was_made_of(name: str) -> None:
    original = pstats.Stats(str(DATA / name))
    stats = to_stats(profile_of_file(name))
    assert numbers(stats) == numbers(original)
    for total in ("total_calls", "prim_calls", "max_name_len", "top_level"):
        assert getattr(stats, total) == getattr(original, total)


def test_counts_of_functions_and_of_callers_stand_in_cprofiles_order() -> None:
    # The truth was read from the file by another program: primitive first, calls first.
    truth = json.loads((DATA / "mosaic.py3.13.truth.json").read_text("utf-8"))
    table = table_of(profile_of_file("mosaic.py3.13.prof"))
    for key, (primitive, calls, _, _), callers in truth:
        row = table[tuple(key)]
        assert row[:2] == (primitive, calls)
        assert {caller: counts[:2] for caller, counts in row[4].items()} == {
            tuple(caller): tuple(counts[:2]) for caller, counts in callers
        }


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_read_by_pstats_as_it_was(name: str, tmp_path: Path) -> None:
    profile_of_file(name).save(tmp_path / "copy.prof")
    assert numbers(pstats.Stats(str(tmp_path / "copy.prof"))) == numbers(
        pstats.Stats(str(DATA / name))
    )


def fib(n: int) -> int:
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def squares(n: int) -> Iterator[int]:
    for i in range(n):
        yield i * i


def workload() -> None:
    fib(12)
    sorted(squares(50), key=abs)
    json.dumps({"a": [1, 2, {"b": None}]})


class TestRealRuns:
    def test_stats_of_a_run_are_those_that_pstats_makes_of_it(self) -> None:
        profiler = cProfile.Profile()
        profiler.runcall(workload)
        stats = to_stats(profile_of_run(profiler))
        assert numbers(stats) == numbers(pstats.Stats(profiler))
        # 465 calls for fib(12): 2 * F(13) - 1; one of them is made by the workload.
        (row,) = [row for key, row in numbers(stats).items() if key[2] == "fib"]
        assert row[:2] == (1, 465)

    def test_two_functions_with_one_key_are_summed_where_pstats_loses_one(self) -> None:
        @dataclass
        class A:
            x: int

        @dataclass
        class B:
            x: int

        profiler = cProfile.Profile()
        profiler.enable()
        for i in range(50):
            A(i)
        for i in range(30):
            B(i)
        profiler.disable()
        profile = profile_of_run(profiler)
        key = next(key for key in table_of(profile) if key[2] == "__init__")
        assert table_of(profile)[key][1] == 80
        assert pstats.Stats(profiler).stats[key][1] in (50, 30)
        (group,) = collisions(profile)
        assert {profile.functions[index].name for index in group} == {"__init__"}
        assert len(group) == 2


class TestNamesakes:
    def test_rows_and_callers_of_namesakes_are_summed(self) -> None:
        profile = SAMPLES["functions"]()
        path = profile.files[0].path
        row = table_of(profile)[path, 13, "<lambda>"]
        assert row[:2] == (400, 400)
        assert row[2] == pytest.approx((14_208 + 13_992) * 1e-9)
        assert row[4] == {(path, 14, "simulate"): (400, 400, row[2], row[3])}

    def test_they_are_named_as_groups_of_functions(self) -> None:
        profile = SAMPLES["functions"]()
        names = [[profile.functions[index].name for index in g] for g in collisions(profile)]
        assert sorted(names) == [["<lambda>"] * 2, ["__init__"] * 2]

    def test_a_profile_without_namesakes_has_no_collisions(self) -> None:
        assert collisions(profile_of_file("py3.13.prof")) == []


def test_threads_are_summed() -> None:
    profile = SAMPLES["paths"]()
    key = (profile.files[0].path, 3, "search")
    assert table_of(profile)[key][:2] == (32, 36)


def test_what_is_no_function_has_no_file() -> None:
    profile = SAMPLES["functions"]()
    row = table_of(profile)["~", 0, "(awaiting)"]
    assert row[:2] == (1, 1)
    assert row[2] == row[3] == pytest.approx(0.050134907)


def test_a_call_tree_gives_the_tables_that_follow_from_it() -> None:
    profile = SAMPLES["large"]()
    totals, edges = derive(profile.paths, profile.metrics)
    flat = replace(profile, paths=Table(), totals=totals, edges=edges)
    assert table_of(profile) == table_of(flat)


def test_an_empty_profile_has_empty_stats() -> None:
    stats = Profile().stats()
    assert stats.stats == {}
    assert stats.total_calls == 0


@given(profiles())
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=50)
def test_stats_of_any_profile_can_be_sorted_printed_and_added(profile: Profile) -> None:
    stats = to_stats(profile)
    stats.stream = open(os.devnull, "w")  # noqa: SIM115
    with stats.stream:
        stats.sort_stats("cumulative", "name").print_stats().print_callers().print_callees()
        stats.strip_dirs()
        stats.add(to_stats(profile))


class TestFiles:
    PROFILE = SAMPLES["functions"]()

    def test_another_process_reads_the_file_with_nothing_but_pstats(self, tmp_path: Path) -> None:
        path = tmp_path / "a.pstats"
        self.PROFILE.save(path)
        code = "import pstats, sys; print(pstats.Stats(sys.argv[1]).total_calls)"
        run = [sys.executable, "-I", "-c", code, str(path)]
        assert subprocess.run(run, capture_output=True, text=True, check=True).stdout == "2438\n"

    def test_a_failed_write_leaves_the_old_file_and_nothing_else(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "a.prof"
        path.write_bytes(b"old")

        def full(self: Path, target: Path) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(files.Path, "replace", full)
        with pytest.raises(OSError, match="No space left"):
            write_pstats(self.PROFILE, path)
        assert path.read_bytes() == b"old"
        assert os.listdir(tmp_path) == ["a.prof"]

    def test_a_folder_that_is_not_there_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError) as error:
            self.PROFILE.save(tmp_path / "nowhere" / "a.prof")
        assert error.value.filename == str(tmp_path / "nowhere" / "a.prof")

    def test_a_folder_in_the_place_of_the_file_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "a.prof").mkdir()
        with pytest.raises(IsADirectoryError):
            self.PROFILE.save(tmp_path / "a.prof")

    def test_the_file_has_the_permissions_that_any_new_file_has(self, tmp_path: Path) -> None:
        (tmp_path / "plain").write_text("")
        self.PROFILE.save(tmp_path / "a.prof")
        assert mode(tmp_path / "a.prof") == mode(tmp_path / "plain")

    def test_a_file_that_is_there_keeps_its_permissions_and_a_link_stays_one(
        self, tmp_path: Path
    ) -> None:
        (tmp_path / "a.prof").write_text("")
        (tmp_path / "a.prof").chmod(0o640)
        (tmp_path / "link.prof").symlink_to("a.prof")
        self.PROFILE.save(tmp_path / "link.prof")
        assert (tmp_path / "link.prof").is_symlink()
        assert mode(tmp_path / "a.prof") == 0o640
        assert pstats.Stats(str(tmp_path / "a.prof")).stats


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_names_with_bytes_that_are_no_text_are_kept_in_a_file(tmp_path: Path) -> None:
    profile = replace(
        SAMPLES["empty"](),
        functions=[Function("caf\udce9", "caf\udce9")],
        totals=Table({"function": [0], "self.calls": [1], "primitive.calls": [1]}),
    )
    profile.save(tmp_path / "a.prof")
    assert list(pstats.Stats(str(tmp_path / "a.prof")).stats) == [("~", 0, "caf\udce9")]
