"""The program of `data/igprof/hot.cpp`, built here, and dumps of it as igprof would write them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from compiling import compiled

from jupyterlab_profiler.formats import dumps, loads
from jupyterlab_profiler.model import Profile

SOURCE = Path(__file__).parent / "data" / "igprof" / "hot.cpp"
MATMUL = "_ZN3lin6matmulERKNS_6MatrixES2_RS0_"
NAME = "lin::matmul(lin::Matrix const&, lin::Matrix const&, lin::Matrix&)"


def build(folder: Path, *options: str) -> Path:
    """The program, with its source beside it."""
    source = folder / "hot.cpp"
    shutil.copy(SOURCE, source)
    flags = ("-O2", "-g", "-rdynamic", "-Wl,--build-id", *options)
    return compiled(source, folder / "hot", *flags)


def symbols_of(program: Path) -> dict[str, tuple[int, int]]:
    """Address and size of each function, by nm."""
    text = subprocess.run(["nm", "-S", program], check=True, capture_output=True, text=True).stdout
    rows = [line.split() for line in text.splitlines()]
    return {row[3]: (int(row[0], 16), int(row[1], 16)) for row in rows if len(row) == 4}


def dump(program: Path, path: str | None = None, base: int = 0) -> Profile:
    """A dump with a tick at each byte of matmul, called by readCatalog where it goes on after that."""
    known = symbols_of(program)
    start, size = known[MATMUL]
    caller = call_in(program, known["_Z11readCatalogi"])
    lines = [
        "P=(HEX ID=1 N=(hot) T=0.005000)",
        f"C1 FN0=(F0=({path or program})+{caller - base:x} N=(_Z11readCatalogi))+0",
        *(
            f"C2 FN{number + 1:x}=(F0+{start + number - base:x} N=({MATMUL}))+0 "
            "V0=(PERF_TICKS):(1,1,1)"
            for number in range(size)
        ),
    ]
    return loads([("hot.pp", "".join(f"{line}\n" for line in lines).encode())])


def call_in(program: Path, place: tuple[int, int]) -> int:
    """The address behind the call of matmul, by objdump."""
    text = subprocess.run(
        [
            "objdump", "-d", f"--start-address={place[0]}",
            f"--stop-address={place[0] + place[1]}", program,
        ],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    lines = text.splitlines()
    at = next(number for number, line in enumerate(lines) if "call" in line and MATMUL in line)
    return int(lines[at + 1].split(":")[0], 16)


def lines_of(profile: Profile, name: str) -> dict[int, float]:
    """Own samples of the lines of functions with a name."""
    found: dict[int, float] = {}
    for function, line, own in zip(
        profile.lines.ints("function"),
        profile.lines.ints("line"),
        profile.lines["self.samples"],
        strict=True,
    ):
        if profile.functions[function - 1].name == name:
            found[line] = found.get(line, 0) + own
    return found


def load_back(profile: Profile) -> Profile:
    return loads([("a.json", dumps(profile, "json"))])
