"""``%igprof`` and ``%%igprof``, with a stand-in for igprof, which is rarely installed.

The stand-in writes a recorded dump, hangs or crashes, as the real one was seen to. Where igprof is
installed, a last test runs it; where not, that is said, and nobody counts it.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from kernels import Kernel, running_kernel
from profiles import check, warnings

from jupyterlab_profiler import load
from jupyterlab_profiler.collect.collector import Unavailable
from jupyterlab_profiler.collect.native import igprof

DUMP = Path(__file__).parent.parent / "data" / "igprof" / "mosaic.py3.12-Xperf.pp.gz"


class StandIn:
    """A folder on a kernel's PATH, with an igprof in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tries = folder / "tries"

    def write(self, body: str) -> None:
        """``$out`` is where the dump goes, ``$tries`` how often this has been run before."""
        self.tries.write_text("0")
        path = self.folder / "igprof"
        path.write_text(
            f"#!/bin/sh\ntries=$(cat {self.tries})\necho $((tries + 1)) > {self.tries}\n"
            'while [ "$1" != -o ]; do shift; done\nout=$2\nshift 2\n'
            # igprof becomes the program; what runs in a child here leaves the map of another number
            'run() { "$@" & wait $!; code=$?; rm -f /tmp/perf-$!.map; return $code; }\n'
            f"{body}\n"
        )
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def remove(self) -> None:
        (self.folder / "igprof").unlink(missing_ok=True)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Kernel, StandIn]]:
    folder = tmp_path_factory.mktemp("igprof")
    (folder / "bin").mkdir()
    with running_kernel(folder) as kernel:
        kernel.run(
            f"%load_ext jupyterlab_profiler\nimport os\nos.environ['PATH'] = {str(folder / 'bin')!r}"
            " + os.pathsep + '/usr/bin' + os.pathsep + '/bin'\n"
            # A watchdog that does not keep these tests waiting.
            "import jupyterlab_profiler.collect.native.igprof as igprof\nigprof.MARGIN = 0.5"
        )
        yield kernel, StandIn(folder / "bin")


def files_of_ours() -> set[str]:
    return {name for name in os.listdir("/tmp") if name.startswith("jupyterlab-profiler-")}


def test_a_cell_is_run_as_a_script_and_its_dump_shown(place: tuple[Kernel, StandIn]) -> None:
    kernel, stand_in = place
    stand_in.write(f'run "$@" && cp {DUMP} "$out"')
    before = files_of_ours()
    outcome = kernel.run("%%igprof\nimport sys\nprint('in', sys.argv[0].rsplit('/')[-1], __name__)")
    assert outcome.stream() == "in cell.py __main__\n"
    profile, plain = outcome.profile, load(DUMP)
    assert sum(profile.paths.ints("self.samples")) == sum(plain.paths.ints("self.samples"))
    assert profile.meta.engine.name == "igprof"
    assert profile.meta.source.kind == "cell"
    assert check(profile, "coverage").unit == "ns"
    assert "python-frames" in warnings(profile)
    assert files_of_ours() == before
    assert kernel.run("%%native --engine igprof\nprint(1)").profile.meta.engine.name == "igprof"


def test_a_script_gets_its_arguments_and_its_exit_code_is_told(
    place: tuple[Kernel, StandIn], tmp_path: Path
) -> None:
    kernel, stand_in = place
    script = tmp_path / "script.py"
    script.write_text("import sys\nprint(sys.argv[1:])\nsys.exit(3)\n")
    stand_in.write(f'run "$@"; code=$?; cp {DUMP} "$out"; exit $code')
    outcome = kernel.run(f"%igprof --label both {script} a 'b c'")
    assert outcome.stream() == "['a', 'b c']\n"
    assert "exit code 3" in outcome.stream("stderr")
    assert (outcome.profile.meta.label, outcome.profile.meta.status) == ("both", "error")


def test_a_hang_is_ended_and_tried_once_more(place: tuple[Kernel, StandIn]) -> None:
    kernel, stand_in = place
    stand_in.write(f'[ "$tries" = 0 ] && sleep 100 & wait; run "$@" && cp {DUMP} "$out"')
    outcome = kernel.run("%%igprof --timeout 1\nprint('ran')")
    assert outcome.stream() == "ran\n"
    assert "hung the first time" in warnings(outcome.profile)["igprof-hung"]


def test_two_hangs_end_in_the_sentence_and_leave_nothing(place: tuple[Kernel, StandIn]) -> None:
    kernel, stand_in = place
    stand_in.write("sleep 98765 & wait")
    before = files_of_ours()
    outcome = kernel.run("%%igprof --timeout 0.5\nprint('never')")
    assert outcome.profiles == []
    assert "igprof hung twice" in outcome.stream("stderr")
    assert stand_in.tries.read_text() == "2\n"
    assert files_of_ours() == before
    running = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
    assert not any(b"98765" in words for words in running)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("kill -SEGV $$", "wrote no dump; the program was killed by signal 11"),
        ("exit 1", "wrote no dump; the program ended with exit code 1"),
        ('echo nonsense > "$out"', "was expected, not one that begins with"),
        (': > "$out"', "an empty file"),
        (f'head -c 3000 {DUMP} > "$out"', "igprof's dump: at byte"),
    ],
)
def test_a_crash_or_a_bad_dump_is_one_sentence(
    place: tuple[Kernel, StandIn], body: str, words: str
) -> None:
    kernel, stand_in = place
    stand_in.write(body)
    outcome = kernel.run("%%igprof\n1")
    assert outcome.profiles == []
    assert words in outcome.stream("stderr")
    assert len(outcome.stream("stderr").strip().splitlines()) == 1


def test_without_igprof_it_says_what_can_be_done(place: tuple[Kernel, StandIn]) -> None:
    kernel, stand_in = place
    stand_in.remove()
    for cell in ("%%igprof\n1", "%igprof x.py", "%native --engine igprof x.py"):
        outcome = kernel.run(cell)
        assert "igprof is not installed" in outcome.stream("stderr")
        assert outcome.profiles == []


def test_a_kernel_is_never_put_under_igprof(place: tuple[Kernel, StandIn]) -> None:
    kernel, _ = place
    armed = kernel.evaluate(
        "__import__('jupyterlab_profiler.remote', fromlist=['arm'])"
        ".arm(['a'], '%%native --engine igprof')"
    )
    assert armed["status"] == "ok"
    outcome = kernel.run("print('ran')", cell_id="a")
    assert "igprof can only run a program of its own" in outcome.stream("stderr")
    assert outcome.stream() == ""


def test_python_functions_are_named_by_the_trampolines_map(tmp_path: Path) -> None:
    profile = load(DUMP)
    address = next(
        int(function.name[2:], 16)
        for function in profile.functions
        if function.name.startswith("@?0x")
    )
    (tmp_path / "perf-77.map").write_text(
        f"not a line\n{address - 11:x} b py::Shelf.sort:/opt/shelf.py\n{address:x} b py::main:/opt/x.py\n"
    )
    trampolines = igprof.take_map(77, str(tmp_path))
    assert not (tmp_path / "perf-77.map").exists()
    samples = sum(profile.paths.ints("self.samples"))
    assert igprof.name_python(profile, trampolines) >= 1
    found = next(function for function in profile.functions if function.name == "main")
    assert (found.kind, found.object) == ("python", None)
    assert found.file is not None and profile.files[found.file].path == "/opt/x.py"
    assert sum(profile.paths.ints("self.samples")) == samples
    assert max(profile.paths.ints("function")) < len(profile.functions)


def test_a_map_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("1 2 py::f:/x\n")
    (tmp_path / "perf-5.map").symlink_to(tmp_path / "other")
    assert igprof.take_map(5, str(tmp_path)) == []
    assert (tmp_path / "other").exists()
    assert igprof.take_map(6, str(tmp_path)) == []


def test_time_is_limited_by_what_is_known() -> None:
    assert igprof.limit_of(None, 20.0) == 60 + igprof.MARGIN
    assert igprof.limit_of(5.0, 20.0) == 5 + igprof.MARGIN
    assert igprof.limit_of(None) == igprof.UNKNOWN_TIME + igprof.MARGIN


def test_a_script_that_was_profiled_before_is_known(
    place: tuple[Kernel, StandIn], tmp_path: Path
) -> None:
    kernel, stand_in = place
    script = tmp_path / "quick.py"
    script.write_text("print('ran')\n")
    stand_in.write("sleep 50 & wait")
    kernel.run(f"igprof.UNKNOWN_TIME = 1000\n%native --engine cprofile {script}")
    # Three times what it took, and the margin: not the thousand seconds of what is not known.
    outcome = kernel.run(f"%igprof {script}")
    kernel.run("igprof.UNKNOWN_TIME = 600")
    assert "igprof hung twice" in outcome.stream("stderr")


@pytest.mark.needs_igprof
def test_igprof_itself_sees_compiled_code(kernel: Kernel) -> None:
    profile = kernel.run("%%igprof\nsum(sorted(range(10**5))[0] for _ in range(300))").profile
    assert sum(profile.paths.ints("self.samples")) > 0


def test_the_error_of_a_missing_igprof_is_raised_before_anything_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(Unavailable, match="%profile_open"):
        igprof.find()
