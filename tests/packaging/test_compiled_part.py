"""The compiled part: in the wheel where it can be made, told of where it cannot."""

from __future__ import annotations

import os
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from installs import MODULE, NOTE, attempt

ASK = """
from jupyterlab_profiler.collect import compiled
module = compiled.load()
print(module.__file__ if module else "")
print(compiled.missing())
"""


@dataclass
class Build:
    """What came of one build of a wheel."""

    done: CompletedProcess[str]
    wheel: Path | None

    def names(self) -> list[str]:
        assert self.wheel, self.done.stdout
        with zipfile.ZipFile(self.wheel) as archive:
            return archive.namelist()

    def note(self) -> str:
        assert self.wheel, self.done.stdout
        with zipfile.ZipFile(self.wheel) as archive:
            return archive.read(NOTE).decode()


@pytest.fixture(scope="module")
def sources(dist: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked sdist."""
    folder = tmp_path_factory.mktemp("sources")
    with tarfile.open(dist["sdist"]) as archive:
        archive.extractall(folder, filter="data")
    (top,) = folder.iterdir()
    return top


@pytest.fixture
def build(sources: Path, tmp_path: Path):
    """Build a wheel from the sdist with these variables; nothing may stay in its temporary folder."""

    def build(**variables: str) -> Build:
        temporary = tmp_path / "temporary"
        temporary.mkdir()
        out = tmp_path / "out"
        command = ("-m", "build", "--wheel", "--no-isolation", "--outdir", out, ".")
        place = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary))
        done = attempt(sys.executable, *command, cwd=sources, **place, **variables)
        assert [path for path in temporary.iterdir() if path.name.startswith("recorder-")] == []
        return Build(done, next(out.glob("*.whl"), None) if out.exists() else None)

    return build


def test_the_wheel_brings_it(environments):
    installed, _ = environments["wheel"]
    place, missing = installed.python("-c", ASK).split("\n")[:2]
    assert Path(place).as_posix().endswith(MODULE)
    assert installed.prefix in Path(place).parents
    assert missing == ""


def test_an_install_without_a_compiler_works_and_says_what_is_missing(environments):
    installed, _ = environments["sdist"]
    place, missing = installed.python("-c", ASK).split("\n")[:2]
    assert place == ""
    assert "was not made for this Python" in missing
    assert "--no-binary jupyterlab_profiler" in missing
    if os.name != "nt":
        assert " was not found)" in missing  # what the build met: there is no compiler


@pytest.mark.parametrize("mode", ["", "try"])
def test_a_compiler_that_fails_leads_to_the_wheel_for_every_python(build, mode):
    made = build(CC="false", CL="/no-such-option /WX", JUPYTERLAB_PROFILER_EXT=mode)
    assert made.wheel, made.done.stdout
    assert made.wheel.name.endswith("-py3-none-any.whl")
    assert MODULE not in made.names()
    assert " failed with exit code " in made.note()
    assert "_recorder is not compiled" in made.done.stdout


def test_off_does_without_it_where_it_could_be_made(build, compiler):
    made = build(PATH=compiler, JUPYTERLAB_PROFILER_EXT="off")
    assert made.wheel, made.done.stdout
    assert made.wheel.name.endswith("-py3-none-any.whl")
    assert MODULE not in made.names()
    assert "JUPYTERLAB_PROFILER_EXT was off" in made.note()


def test_require_fails_where_it_cannot_be_made(build):
    made = build(CC="false", CL="/no-such-option /WX", JUPYTERLAB_PROFILER_EXT="require")
    assert made.done.returncode != 0
    assert made.wheel is None
    assert "_recorder is not compiled: " in made.done.stdout


def test_require_is_content_with_a_compiler(build, compiler):
    made = build(PATH=compiler, JUPYTERLAB_PROFILER_EXT="require")
    assert made.wheel, made.done.stdout
    assert MODULE in made.names()


def test_free_threaded_python_gets_the_wheel_for_every_python(build, compiler, tmp_path):
    # What such a Python says of itself, said by this one when it starts.
    (tmp_path / "sitecustomize.py").write_text(
        "import sysconfig\nsysconfig.get_config_vars()['Py_GIL_DISABLED'] = 1\n", encoding="utf-8"
    )
    made = build(PATH=compiler, PYTHONPATH=str(tmp_path))
    assert made.wheel, made.done.stdout
    assert made.wheel.name.endswith("-py3-none-any.whl")
    assert "free-threaded" in made.note()


def test_a_wish_that_is_none_is_refused_in_words(build):
    made = build(JUPYTERLAB_PROFILER_EXT="maybe")
    assert made.done.returncode != 0
    assert "JUPYTERLAB_PROFILER_EXT=maybe: set it to one of try, require, off" in made.done.stdout
