"""An sdist and a wheel install without Node, give the same extension, and go without a trace."""

from __future__ import annotations

import json
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

from installs import KINDS, MODULE, NOTE, Installed

EXTENSION = "share/jupyter/labextensions/jupyterlab-profiler"

# Prints the files of our distribution with their hashes, but those that say how it was installed.
FILES = """
import importlib.metadata, json, pathlib
files = importlib.metadata.files("jupyterlab_profiler")
skipped = {"INSTALLER", "RECORD", "REQUESTED", "direct_url.json"}
print(json.dumps({
    str(pathlib.PurePosixPath(f)): f.hash.value
    for f in files if f.name not in skipped and f.hash is not None
}))
"""


def files(installed: Installed) -> dict[str, str]:
    found: dict[str, str] = json.loads(installed.python("-c", FILES))
    return found


def test_the_sdist_holds_the_built_front_end_and_what_the_tests_need(dist, version):
    with tarfile.open(dist["sdist"]) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    for needed in (
        "jupyterlab_profiler/labextension/package.json",
        "jupyterlab_profiler/labextension/static/style.js",
        "jupyterlab_profiler/labextension/static/report.html",
        "jupyterlab_profiler/labextension/static/report-charts.html",
        "package.json",
        "src/index.ts",
        "hatch_build.py",
        "csrc/recorder/module.c",
        "LICENSE",
    ):
        assert needed in names
    assert any(
        name.startswith("jupyterlab_profiler/labextension/static/remoteEntry.") for name in names
    )
    # What reads mangled names is no script.
    assert any(name.endswith(".wasm") for name in names)
    assert any(name.startswith("csrc/recorder/") and name.endswith(".h") for name in names)
    assert not [name for name in names if name.endswith((".so", ".pyd", ".o"))]
    foreign = {"node_modules", "__pycache__", ".venv", ".venvs", ".cache", ".sandbox", "lib"}
    assert not [name for name in names if foreign & set(name.split("/"))]
    assert f"-{version}.tar.gz" in dist["sdist"].name


def test_the_wheel_is_for_one_python_and_holds_the_front_end_once(dist, version):
    python = f"cp{sys.version_info.major}{sys.version_info.minor}"
    assert dist["wheel"].name.startswith(f"jupyterlab_profiler-{version}-{python}-{python}-")
    with zipfile.ZipFile(dist["wheel"]) as archive:
        names = archive.namelist()
    assert MODULE in names
    assert NOTE not in names
    assert not [name for name in names if name.endswith((".c", ".h", ".o"))]
    entries = [name for name in names if Path(name).name.startswith("remoteEntry.")]
    assert len(entries) == 1
    assert f"data/{EXTENSION}/static/" in entries[0]


def test_it_installs_without_node_and_can_be_imported(installed, version):
    code = "import jupyterlab_profiler as p; print(p.__file__); print(p.__version__)"
    place, found = installed.python("-c", code).splitlines()
    assert installed.prefix in Path(place).parents
    assert found == version


def test_jupyterlab_lists_the_extension_as_enabled_and_ok(installed, version, tmp_path):
    # JupyterLab itself is lent by the environment that runs the tests: a .pth file
    # adds its packages, but neither its prefix nor the .pth files beside them.
    lend = (
        "import sys; "
        f"sys.path.append({sysconfig.get_path('purelib')!r}); "
        "sys.argv = ['jupyter-labextension', 'list']; "
        "from jupyterlab.labextensions import main; sys.exit(main())"
    )
    listing = installed.python("-c", lend)
    (line,) = [line for line in listing.splitlines() if "jupyterlab-profiler" in line]
    for word in (f"v{version}", "enabled", "OK"):
        assert word in line, listing
    assert str(installed.prefix) in listing


def test_the_two_installs_are_the_same_but_for_the_compiled_part(environments):
    sdist, wheel = (files(environments[kind][0]) for kind in KINDS)
    assert set(wheel) - set(sdist) == {MODULE}
    assert set(sdist) - set(wheel) == {NOTE}
    same = {name for name in set(sdist) & set(wheel) if not name.endswith(".dist-info/WHEEL")}
    assert [name for name in same if sdist[name] != wheel[name]] == []
    assert any(name.endswith(f"{EXTENSION}/install.json") for name in wheel)


def test_an_uninstall_leaves_nothing(environments, kind):
    installed, before = environments[kind]
    assert installed.paths() > before
    installed.python("-m", "pip", "uninstall", "--yes", "--quiet", "jupyterlab_profiler")
    # Folders that lead to ours may stay, empty, where pip leaves them.
    left = {path for path in installed.paths() - before if (installed.prefix / path).is_file()}
    assert left == set()
    assert not (installed.prefix / EXTENSION).exists()
    assert not [path for path in installed.paths() if "jupyterlab_profiler" in path]
