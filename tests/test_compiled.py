"""The compiled part: there in every tested Python, and missed in words where it is not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from jupyterlab_profiler.collect import compiled

CHECKOUT = Path(__file__).resolve().parents[1]
SUFFIX = str(sysconfig.get_config_var("EXT_SUFFIX"))
# What CPython itself is compiled with; its headers and its way to declare methods need both.
WARNINGS = "-Wall -Wextra -Werror -Wno-unused-parameter -Wno-missing-field-initializers"

TELL = """
from jupyterlab_profiler.collect import compiled
assert compiled.load() is None
print(compiled.__file__)
print(compiled.missing())
"""


@pytest.fixture
def installation(tmp_path: Path) -> Path:
    """The package as a pure wheel installs it: outside of the checkout, nothing compiled."""
    shutil.copytree(
        CHECKOUT / "jupyterlab_profiler",
        tmp_path / "jupyterlab_profiler",
        ignore=shutil.ignore_patterns("labextension", "__pycache__", "_recorder*"),
    )
    return tmp_path / "jupyterlab_profiler" / "collect"


def tell(collect: Path) -> str:
    """What a new Python says of the compiled part of that installation."""
    done = subprocess.run(
        [sys.executable, "-c", TELL],
        cwd=collect.parents[1],
        env={**os.environ, "PYTHONPATH": str(collect.parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    place, text = done.stdout.splitlines()
    assert Path(place).parent == collect
    return text


def test_it_is_there_in_every_environment_of_the_tests():
    module = compiled.load()
    assert module is not None, compiled.missing()
    assert compiled.missing() == ""
    assert Path(module.__file__).name == f"_recorder{SUFFIX}"


def test_asking_for_it_does_not_slow_the_import_of_what_asks():
    code = (
        "import sys, jupyterlab_profiler.collect.compiled;"
        "print('sysconfig' in sys.modules, 'jupyterlab_profiler.collect._recorder' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-S", "-c", code], cwd=CHECKOUT, capture_output=True)
    assert done.stdout.split() == [b"False", b"False"], done.stderr


def test_where_it_was_not_made_it_says_how_it_is_made(installation):
    text = tell(installation)
    assert f"not made for this Python {sys.version_info.major}.{sys.version_info.minor}." in text
    assert "With a C compiler" in text
    for option in ("--force-reinstall", "--no-cache-dir", "--no-binary jupyterlab_profiler"):
        assert option in text


def test_where_the_build_left_a_reason_it_is_told(installation):
    (installation / "_recorder.txt").write_text("command 'cc' failed\n", encoding="utf-8")
    assert "(command 'cc' failed). With a C compiler" in tell(installation)


def test_in_a_checkout_it_says_what_to_run_there(installation):
    checkout = installation.parents[1]
    (checkout / "hatch_build.py").touch()
    assert tell(installation).endswith(f'this makes it: pip install -e "{checkout}"')


def test_where_it_is_broken_it_tells_the_error(installation):
    (installation / f"_recorder{SUFFIX}").write_bytes(b"no library")
    text = tell(installation)
    assert text.startswith("The compiled recorder cannot be loaded (")
    assert f"_recorder{SUFFIX}" in text
    assert "--no-binary jupyterlab_profiler" in text


def test_where_a_module_that_it_needs_is_missing_it_is_broken_not_absent(installation):
    (installation / "_recorder.py").write_text("import no_such_module\n", encoding="utf-8")
    assert "cannot be loaded (No module named 'no_such_module')" in tell(installation)


def test_free_threaded_python_and_other_pythons_are_told_so(installation, monkeypatch):
    monkeypatch.setattr(compiled, "_NAME", "jupyterlab_profiler.collect._no_recorder")
    with monkeypatch.context() as patch:
        patch.setattr(sysconfig, "get_config_var", lambda name: name == "Py_GIL_DISABLED")
        assert "not made for free-threaded Python" in compiled.missing()
    with monkeypatch.context() as patch:
        patch.setattr(sys.implementation, "name", "pypy")
        assert "made for CPython" in compiled.missing()


def test_the_c_sources_compile_without_a_warning(tmp_path):
    done = subprocess.run(
        [sys.executable, CHECKOUT / "hatch_build.py", tmp_path],
        env={**os.environ, "CFLAGS": WARNINGS, "CL": "/W3 /WX"},  # Visual C++ reads CL
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert (tmp_path / "jupyterlab_profiler" / "collect" / f"_recorder{SUFFIX}").is_file()
