"""An environment into which something is installed as a user would, but without Node."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sysconfig
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
CONSTRAINTS = CHECKOUT / "requirements-dev.txt"
# Where the sdist is installed there is no compiler, and the wheel was made with one.
KINDS = ("sdist", "wheel")

COLLECT = "jupyterlab_profiler/collect"
MODULE = f"{COLLECT}/_recorder{sysconfig.get_config_var('EXT_SUFFIX')}"
NOTE = f"{COLLECT}/_recorder.txt"


def attempt(
    *command: str | Path, cwd: Path = CHECKOUT, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, with both of its outputs in one."""
    return subprocess.run(
        [str(part) for part in command],
        env={**os.environ, "JUPYTERLAB_PROFILER_EXT": "", **variables},
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def run(*command: str | Path, cwd: Path = CHECKOUT, **variables: str) -> str:
    """Run a program, fail with its output if it fails, return what it printed."""
    done = attempt(*command, cwd=cwd, **variables)
    assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stdout}"
    return done.stdout


def compiler_alone(folder: Path) -> str:
    """Make a PATH on which there is nothing but what compiles C: no Node."""
    if os.name == "nt":  # found in the registry, not on PATH
        return str(Path(os.environ["SYSTEMROOT"], "System32"))
    commands = [
        os.environ.get(name) or sysconfig.get_config_var(name) for name in ("CC", "LDSHARED")
    ]
    for name in {"as", "ld", *(shlex.split(command)[0] for command in commands if command)}:
        if place := shutil.which(name):
            (folder / Path(name).name).symlink_to(place)
    return str(folder)


@dataclass(frozen=True)
class Installed:
    """A virtual environment with nothing on its PATH but its own programs, so no Node."""

    prefix: Path

    @property
    def programs(self) -> Path:
        return self.prefix / ("Scripts" if os.name == "nt" else "bin")

    def python(self, *args: str | Path) -> str:
        path = str(self.programs)
        if os.name == "nt":  # Windows' own programs, which Python needs to start others
            path += os.pathsep + str(Path(os.environ["SYSTEMROOT"], "System32"))
        assert shutil.which("node", path=path) is None
        assert shutil.which("npm", path=path) is None
        return run(
            self.programs / "python",
            *args,
            # not in the checkout, where the package itself could be imported
            cwd=self.prefix,
            PATH=path,
            PYTHONPATH="",
            # pip hands the first one to isolated builds up to 25.2, the second one since.
            PIP_CONSTRAINT=str(CONSTRAINTS),
            PIP_BUILD_CONSTRAINT=str(CONSTRAINTS),
        )

    def paths(self) -> set[str]:
        """Every file and folder, but the bytecode that any import may leave."""
        return {
            str(path.relative_to(self.prefix))
            for path in self.prefix.rglob("*")
            if "__pycache__" not in path.parts
        }
