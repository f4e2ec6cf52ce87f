"""Scripts in processes of their own, profiled with their compiled code; limits of such processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from builds import mill
from IPython.core.error import UsageError
from kernels import ROOT, Kernel, running_kernel
from profiles import by_function, check, stacks, warnings

from jupyterlab_profiler import load
from jupyterlab_profiler.perfkernel import install

SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
import mill

def inner():
    mill.grind(0.6)

def main():
    inner()
    mill.sift(0.3)
    mill.beside(0.6)

main()
print("done", sys.argv[2:])
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "work.py"
    path.write_text(SCRIPT)
    return path


def run(*words: object, before: str = "") -> subprocess.CompletedProcess[str]:
    """A command line of the package, in a shell that says ``before`` first."""
    command = " ".join([sys.executable, "-m", "jupyterlab_profiler", *map(str, words)])
    return subprocess.run(
        ["sh", "-c", f"{before}{command}"],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )


@pytest.mark.needs_ptrace
def test_a_script_is_sampled_from_its_first_line_to_the_line_of_cpp(
    kernel: Kernel, script: Path
) -> None:
    outcome = kernel.run(f"%native --rate 50 {script} {mill().parent} a 'b c'")
    assert outcome.stream() == "done ['a', 'b c']\n"
    profile = outcome.profile
    assert profile.meta.engine.name == "py-spy"
    assert profile.meta.source.kind == "script"
    found = [
        [
            profile.functions[function].qualified or profile.functions[function].name
            for function in stack
        ]
        for stack, samples in stacks(profile)
        if samples
    ]
    assert any(
        names[:3] == ["<module>", "main", "inner"] and "mill::grind" in names for names in found
    )
    assert all(names[0] == "<module>" for names in found)
    assert "unseen-threads" in warnings(profile)


@pytest.mark.needs_perf
def test_perf_sees_a_thread_of_cpp_and_python_where_it_can(kernel: Kernel, script: Path) -> None:
    before = {name for name in os.listdir("/tmp") if name.startswith(("jit-", "perf-", "jitted-"))}
    outcome = kernel.run(f"%native --engine perf {script} {mill().parent}")
    assert outcome.stream() == "done []\n", outcome.stream("stderr")
    profile = outcome.profile
    assert profile.meta.engine.name == "perf"
    own = by_function(profile, "self.samples")
    # 1.2 s of grind of which half is beside, 0.3 s of sift, 99 samples a second.
    grind = sum(samples for name, samples in own.items() if "grind" in name or "turn" in name)
    assert grind > 60
    assert len({thread.tid for thread in profile.threads}) >= 2
    assert check(profile, "coverage").unit == "ns"
    if sys.version_info >= (3, 13):
        names = {function.name for function in profile.functions if function.kind == "python"}
        assert {"inner", "main"} <= names
    left = {name for name in os.listdir("/tmp") if name.startswith(("jit-", "perf-", "jitted-"))}
    assert left <= before


@pytest.mark.needs_perf
def test_perf_sees_a_thread_of_cpp_in_a_cell(tmp_path: Path) -> None:
    before = set(Path("/tmp").glob("jit-*.dump"))
    launcher = ("env", "PYTHON_PERF_JIT_SUPPORT=1")  # as -X perf_jit does from Python 3.13 on
    with running_kernel(tmp_path, launcher=launcher) as kernel:
        kernel.run(
            f"%load_ext jupyterlab_profiler\nimport sys\nsys.path.insert(0, {str(mill().parent)!r})\n"
            "import mill"
        )
        outcome = kernel.run(
            "%%native --engine perf --rate 99\ndef inner():\n    mill.grind(0.6)\n"
            "def main():\n    inner()\n    mill.beside(0.5)\nmain()\n'done'"
        )
    for dump in set(Path("/tmp").glob("jit-*.dump")) - before:
        dump.unlink()  # CPython leaves them
    assert outcome.result == "'done'"
    profile = outcome.profile
    assert profile.meta.engine.name == "perf"
    assert len(profile.threads) == 2  # the cell's, and that of C++
    for thread in (0, 1):
        assert by_function(profile, "total.samples", thread)["mill::grind"] > 20
    assert "unseen-threads" not in warnings(profile)
    if sys.version_info >= (3, 13):
        names = {function.name for function in profile.functions if function.kind == "python"}
        assert {"inner", "main"} <= names
    else:
        assert "--install-perf-kernel" in warnings(profile)["python-frames"]


def test_the_kernel_for_perf_is_added_only_where_it_helps(tmp_path: Path) -> None:
    if sys.version_info < (3, 12):
        with pytest.raises(UsageError, match=r"from Python 3\.12 on; nothing was added"):
            install(str(tmp_path))
        return
    assert "kernelspec remove python3-perf" in install(str(tmp_path))
    spec = json.loads((tmp_path / "share/jupyter/kernels/python3-perf/kernel.json").read_text())
    assert spec["display_name"] == "Python 3 (perf)"
    assert spec["argv"][:2] == [sys.executable, "-X"]


def test_perf_that_is_missing_is_one_sentence(kernel: Kernel, script: Path) -> None:
    kernel.run("import os\npath = os.environ['PATH']\nos.environ['PATH'] = '/nowhere'")
    outcome = kernel.run(f"%native --engine perf {script}")
    kernel.run("os.environ['PATH'] = path")
    assert "perf is not installed" in outcome.stream("stderr")
    assert outcome.profiles == []


@pytest.mark.needs_ptrace
@pytest.mark.parametrize(
    ("end", "words"),
    [
        ("os.kill(os.getpid(), signal.SIGSEGV)", "was killed by SIGSEGV"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "was killed by SIGKILL"),
        ("os._exit(3)", "ended with exit code 3"),
    ],
)
def test_a_script_that_dies_leaves_what_was_sampled(
    kernel: Kernel, tmp_path: Path, end: str, words: str
) -> None:
    path = tmp_path / "dies.py"
    path.write_text(
        f"import os, signal, sys\nsys.path.insert(0, {str(mill().parent)!r})\nimport mill\n"
        f"def work():\n    mill.grind(1)\nwork()\n{end}\n"
    )
    profile = kernel.run(f"%native --rate 50 {path}").profile
    assert f"The script {words}: this is what" in warnings(profile)["script-died"]
    assert (profile.meta.status, profile.meta.engine.name) == ("error", "py-spy")
    samples = by_function(profile, "total.samples")
    assert samples["mill::grind"] >= 10
    assert samples["<module>"] >= samples["work"] >= samples["mill::grind"]
    coverage = check(profile, "coverage")
    assert coverage.value is not None and coverage.value > 0


def test_a_script_that_dies_before_it_is_sampled_is_one_sentence(
    kernel: Kernel, tmp_path: Path
) -> None:
    path = tmp_path / "dies.py"
    path.write_text("import os\nos.kill(os.getpid(), 9)\n")
    outcome = kernel.run(f"%native --engine cprofile {path}")
    assert "nothing was measured: the script was killed by SIGKILL" in outcome.stream("stderr")
    assert outcome.profiles == []


@pytest.mark.needs_ptrace
def test_a_limit_on_files_loses_samples_and_not_the_script(script: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    # One block of 512 or 1024 bytes, as the shell has it: less than anybody wants to write.
    ended = run(
        "run", "--native", "-q", "-o", target, script, mill().parent, before="ulimit -S -f 1; "
    )
    assert "done []" in ended.stdout
    assert not list(tmp_path.glob("*.tmp*"))
    assert "Traceback" not in ended.stderr


@pytest.mark.needs_ptrace
def test_what_a_full_disk_leaves_is_shown(tmp_path: Path) -> None:
    """The sampler's own limit alone: the file is cut, and what is whole in it is kept."""
    text = f"""
import resource, sys, threading
sys.path.insert(0, {str(mill().parent)!r})
import mill
from jupyterlab_profiler.collect.native import pyspy
from jupyterlab_profiler.collect.native.engines import PySpy, Wanted
sampler = PySpy(Wanted(50), native=True)
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, hard))
sampler.start()
resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
def one(): mill.grind(0.3)
def two(): mill.sift(0.3)
def three(): mill.ask(lambda x: x, 0.1); one(); two()
three()
result = sampler.stop()
print(result.why, result.status, len(result.data), repr(result.messages))
"""
    ended = subprocess.run(
        [sys.executable, "-c", text],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    why, status, length, *messages = ended.stdout.split(" ", 3)
    assert why == "stop", ended
    assert int(status) != 0 and int(length) <= 2000
    assert "File too large" in messages[0] or int(status) < 0


def test_the_command_line_steps_down_as_a_cell_does(script: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    ended = run(
        "run", "--native", "--engine", "cprofile", "-q", "-o", target, script, mill().parent
    )
    assert ended.returncode == 0, ended.stderr
    assert "asked for" in load(target).meta.engine.reason


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("%native", "write the script to run behind it"),
        ("%native --rate 0 x.py", "--rate takes a whole number from 1 to 10,000, not '0'"),
        ("%native --rate 2.5 x.py", "--rate takes a whole number"),
        ("%native --timeout soon x.py", "--timeout takes a number from 1"),
        ("%native --timeout nan x.py", "--timeout takes a number"),
        ("%native --engine gdb x.py", "--engine takes one of py-spy"),
        ("%native /nowhere/x.py", "/nowhere/x.py cannot be read"),
        ("%native --engine perf --timeout 5 x.py", "perf"),
        ("%native -r x.py", "option -r not recognized"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_runs(
    kernel: Kernel, line: str, words: str
) -> None:
    outcome = kernel.run(line)
    assert words in outcome.stream("stderr")
    assert outcome.profiles == []
