"""An sdist and a wheel of the checkout, each installed into an environment of its own."""

from __future__ import annotations

import json
import os
import sys
import venv
from typing import TYPE_CHECKING

import pytest
from installs import CHECKOUT, KINDS, Installed, compiler_alone, run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def compiler(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A PATH with a C compiler and nothing else."""
    return compiler_alone(tmp_path_factory.mktemp("compiler"))


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory, compiler: str) -> dict[str, Path]:
    """The sdist, and the wheel that is built from it; the front end is built already."""
    out = tmp_path_factory.mktemp("dist")
    # .venv holds the pinned back end, so no isolation is needed here.
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, ".", PATH=compiler)
    (sdist,) = out.glob("*.tar.gz")
    (wheel,) = out.glob("*.whl")
    return {"sdist": sdist, "wheel": wheel}


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def environments(
    dist: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[Installed, set[str]]]:
    """For each kind: where it is installed, and what lay there before."""
    made = {}
    for name, file in dist.items():
        installed = Installed(tmp_path_factory.mktemp(name) / "venv")
        venv.create(installed.prefix, with_pip=True, symlinks=os.name != "nt")
        pip = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        installed.python(*pip, "ipython", "line_profiler")
        before = installed.paths()
        installed.python(*pip, file)
        made[name] = (installed, before)
    return made


@pytest.fixture
def installed(environments: dict[str, tuple[Installed, set[str]]], kind: str) -> Installed:
    return environments[kind][0]


@pytest.fixture(scope="session")
def version() -> str:
    return str(json.loads((CHECKOUT / "package.json").read_text(encoding="utf-8"))["version"])
