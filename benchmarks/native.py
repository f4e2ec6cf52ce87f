"""What profiling of compiled code costs, side by side with other profilers, and how much it sees.

    python benchmarks/native.py [--rounds N] [--dump FILE] [--json]

Builds a module in C++ (``mixed.cpp``; a compiler is needed) and runs two cells in live kernels of
this Python: one whose time goes into Python and C++, one that allocates in both. Each runs bare and
under every tool, in turn, once a round, in an order that changes from round to round; a ratio is
made of two runs of one round. Every tool has a kernel of its own, as some leave it changed: scalene
replaces ``sys.executable``. *Code* is the wall time of the code alone, *all* that of the cell with
what the tool does to start, to end and to show its result.

Of samples whose innermost known frame is C++ of the module, those are *mixed* that also hold the
cell's Python functions, at their lines. Of py-spy called directly these are all samples that it
wrote; of ``%%native`` those of its profile.

``--dump``: a dump of igprof, which ``jupyterlab_profiler.load`` opens, each time in a process of
its own. A tool that fails is named, and the others go on.
"""

from __future__ import annotations

import json
import os
import platform
import shlex
import subprocess
import sys
import sysconfig
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Self, TypeVar

from common import HERE, CellError, Kernel, Tool, options, print_json, progress, spread
from kernel import STOPWATCH, timed, versions_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")

#: Samples a second: the rate that %%native has by itself.
RATE = 25
#: The dump takes long to read: so many rounds at most.
DUMP_ROUNDS = 3

PROGRAM = """
import time as _time
import mixed
def in_python(count):
    total = 0.0
    for number in range(count):
        total += (number * 7 % 11) / 3
    return total
def main(steps=40):
    total = 0.0
    for step in range(steps):
        total += mixed.sweep(20_000, 90)
        total += in_python(60_000)
    return total
def allocate(count=200_000):
    grid = mixed.Grid(50, 40_000)
    mixed.churn(200_000)
    table = [{"index": index, "name": str(index)} for index in range(count)]
    return grid, len(table)
def _timed(function):
    global _code_seconds
    began = _time.perf_counter()
    function()
    _code_seconds = _time.perf_counter() - began
"""
HOT, HOLDS = "_timed(main)", "_timed(allocate)"

# py-spy as it is: attached for the time of the cell by a process of its own.
SPY = """
import ctypes as _ctypes, json as _json, os as _os, signal as _signal
import subprocess as _subprocess, sys as _sys
_spied = []
def _spy():
    path = _os.path.abspath("spied.json")
    program = _os.path.join(_os.path.dirname(_sys.executable), "py-spy")
    process = _subprocess.Popen(
        [program, "record", "--native", "--rate", "RATE", "--pid", str(_os.getpid()),
         "--format", "speedscope", "--output", path, "--duration", "unlimited"],
        stdout=_subprocess.PIPE, stderr=_subprocess.STDOUT, text=True)
    try:
        _ctypes.CDLL(None).prctl(0x59616d61, process.pid, 0, 0, 0)  # PR_SET_PTRACER
    except AttributeError:
        pass
    said = ""
    for line in process.stdout:
        said += line
        if "Sampling process" in line:
            return process, path
    raise RuntimeError(said.strip()[-300:] or "py-spy did not start")
def _end_spy(spy):
    process, path = spy
    process.send_signal(_signal.SIGINT)
    process.communicate(timeout=60)
    with open(path) as file:
        written = _json.load(file)
    frames = written["shared"]["frames"]
    for profile in written["profiles"]:
        for stack in profile["samples"]:
            names = [frames[index] for index in stack]
            if any(frame["name"].startswith("mixed::") for frame in names):
                _spied.append(any(
                    frame["name"] == "main" and "ipykernel" in (frame.get("file") or "")
                    and frame.get("line") for frame in names))
"""
READ_SPIED = "print('SEEN', [len(_spied), sum(_spied)])"
READ_NATIVE = """
def _mixed(profile):
    functions, paths = profile.functions, profile.paths
    offsets, of = paths.ints("parent"), paths.ints("function")
    samples = paths["self.samples"]
    known, cells = [], {i for i, file in enumerate(profile.files) if file.origin == "cell"}
    seen = mixed = 0
    for row, offset in enumerate(offsets):
        function = functions[of[row]]
        in_cpp, in_main = known[row - offset] if offset else (False, False)
        in_cpp |= function.qualified.startswith("mixed::")
        in_main |= function.name == "main" and function.file in cells
        known.append((in_cpp, in_main))
        if in_cpp:
            seen += samples[row]
            mixed += samples[row] * in_main
    return [int(seen), int(mixed)]
print('SEEN', _mixed(_profile))
"""

HOT_TOOLS = [
    Tool("bare", "no profiler", "", "{body}"),
    Tool("native", "this package, %%native", "", "%%native -q\n{body}"),
    Tool(
        "pyspy",
        "py-spy --native, called directly",
        SPY.replace("RATE", str(RATE)),
        "_spying = _spy()\ntry:\n    {body}\nfinally:\n    _end_spy(_spying)",
        "py-spy",
    ),
    Tool(
        "pyinstrument",
        "pyinstrument",
        "%load_ext pyinstrument",
        "%%pyinstrument\n{body}",
        "pyinstrument",
    ),
    Tool("scalene", "scalene", "%load_ext scalene", "%%scalene --cpu-only\n{body}", "scalene"),
]
MEMORY_TOOLS = [
    Tool("bare", "no profiler", "", "{body}"),
    Tool("memory", "this package, %%memory", "", "%%memory -q\n{body}"),
    Tool(
        "memory_python", "this package, %%memory --no-native", "", "%%memory -q --no-native\n{body}"
    ),
    Tool(
        "memray",
        "memray alone: its Tracker with native frames",
        "import memray as _memray, os as _os",
        "with _memray.Tracker('own.bin', native_traces=True):\n    {body}\n_os.remove('own.bin')",
        "memray",
    ),
    Tool(
        "flamegraph",
        "%%memray_flamegraph --native",
        "%load_ext memray",
        "%%memray_flamegraph --native\n{body}",
        "memray",
    ),
]

OPEN = """
import json, resource, sys, time
from jupyterlab_profiler import load
began = time.perf_counter()
profile = load(sys.argv[1])
seconds = time.perf_counter() - began
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # in kB, on a Mac in bytes
peak *= 1 if sys.platform == "darwin" else 1024
print(json.dumps({"seconds": seconds, "peak": peak, "rows": profile.paths.rows}))
"""


@contextmanager
def built_module() -> Iterator[Path]:
    """A folder with ``mixed``, optimised and with debug information."""
    import pybind11

    with TemporaryDirectory(prefix="bench-native-") as folder:
        module = Path(folder) / f"mixed{sysconfig.get_config_var('EXT_SUFFIX')}"
        command = [
            *shlex.split(os.environ.get("CXX", "c++")),
            *("-std=c++17", "-O2", "-g", "-shared", "-fPIC", "-fvisibility=hidden"),
            *(f"-I{path}" for path in (pybind11.get_include(), sysconfig.get_path("include"))),
            *(str(HERE / "mixed.cpp"), "-o", str(module)),
        ]
        made = subprocess.run(command, capture_output=True, text=True, check=False)
        if made.returncode:
            raise SystemExit(f"mixed.cpp cannot be compiled:\n{made.stderr[-2000:]}")
        yield Path(folder)


class Field:
    """The tools that still run, each in a kernel of its own.

    One that fails leaves, with a sentence that says why; one of ``needed`` ends all.
    """

    def __init__(self, tools: list[Tool], needed: tuple[str, ...], folder: Path) -> None:
        self.tools = tools
        self.failed: dict[str, str] = {}
        self._needed = needed
        self._folder = folder
        self._kernels: dict[str, Kernel] = {}

    def __enter__(self) -> Self:
        for tool in self.tools:
            self._kernels[tool.name] = Kernel()
            self._try(tool, lambda tool=tool: self._set_up(tool))
        return self

    def __exit__(self, *_: object) -> None:
        for kernel in self._kernels.values():
            kernel.stop()

    def _set_up(self, tool: Tool) -> None:
        kernel = self._kernels[tool.name]
        for code in (
            f"import sys; sys.path.insert(0, {str(self._folder)!r})",
            "%load_ext jupyterlab_profiler",
            PROGRAM,
            STOPWATCH,
            tool.load,
        ):
            kernel.run(code)

    def _try(self, tool: Tool, work: Callable[[], T]) -> T | None:
        if tool.name in self.failed:
            return None
        try:
            return work()
        except CellError as error:
            if tool.name in self._needed:
                raise SystemExit(f"{tool.label} failed: {error}") from None
            self.failed[tool.name] = str(error)
            progress(f"  {tool.label} failed: {error}")
            return None

    def run(self, tool: Tool, body: str) -> dict[str, float] | None:
        """Seconds of one run: ``code`` and ``all``; None where the tool has failed."""
        kernel = self._kernels[tool.name]

        def run() -> dict[str, float]:
            whole = timed(kernel, tool.of(body))["wall"]
            code = kernel.run("print(_code_seconds)", store_history=False).text
            return {"code": float(code), "all": whole}

        return self._try(tool, run)

    def seen(self, name: str, code: str) -> list[int] | None:
        """Samples in the module, and those of them that are mixed."""
        if name in self.failed:
            return None
        text = self._kernels[name].run(code, store_history=False).text
        found: list[int] = json.loads(text.rpartition("SEEN")[2])
        return found

    def in_order_of(self, number: int) -> list[Tool]:
        """All tools, in another order each round: odd rounds go backwards from another one."""
        start = number % len(self.tools)
        order = self.tools[start:] + self.tools[:start]
        return order[::-1] if number % 2 else order


def runs_of(
    field: Field, body: str, rounds: int, after: Callable[[Tool], None] | None = None
) -> dict[str, Any]:
    """Seconds of each tool and clock, by round; only of tools that never failed."""
    found: dict[str, dict[str, list[float]]] = {}
    for number in range(-1, rounds):
        for tool in field.in_order_of(number):
            run = field.run(tool, body)
            if run is None or number < 0:  # the first round imports
                continue
            for clock, seconds in run.items():
                found.setdefault(tool.name, {}).setdefault(clock, []).append(seconds)
            if after is not None:
                after(tool)
    bare = found.pop("bare")
    return {
        "bare": bare,
        "ratios": {
            tool.name: {
                clock: [one / other for one, other in zip(values, bare[clock], strict=True)]
                for clock, values in found[tool.name].items()
            }
            for tool in field.tools
            if tool.name in found and tool.name not in field.failed
        },
        "labels": {tool.name: tool.label for tool in field.tools},
        "failed": field.failed,
    }


def hot(folder: Path, rounds: int) -> dict[str, Any]:
    seen: dict[str, list[int]] = {}
    # Whether %%native can sample goes by the rights of the process.
    with Field(HOT_TOOLS, ("bare",), folder) as field:

        def look(tool: Tool) -> None:
            if tool.name == "native" and (more := field.seen("native", READ_NATIVE)):
                before = seen.get("native", [0, 0])
                seen["native"] = [one + other for one, other in zip(before, more, strict=True)]

        result = runs_of(field, HOT, rounds, look)
        if found := field.seen("pyspy", READ_SPIED):
            seen["pyspy"] = found
    return {**result, "seen": seen}


def memory(folder: Path, rounds: int) -> dict[str, Any]:
    with Field(MEMORY_TOOLS, ("bare", "memory", "memory_python"), folder) as field:
        return runs_of(field, HOLDS, rounds)


def opened(dump: str, rounds: int) -> list[dict[str, float]]:
    found = []
    for _ in range(min(rounds, DUMP_ROUNDS)):
        made = subprocess.run(
            [sys.executable, "-c", OPEN, dump], capture_output=True, text=True, check=True
        )
        found.append(json.loads(made.stdout))
    return found


def measure(rounds: int, dump: str | None) -> dict[str, Any]:
    python = platform.python_version()
    with built_module() as folder:
        progress(f"  Python {python}: a cell in Python and C++")
        found = {"hot": hot(folder, rounds)}
        progress(f"  Python {python}: a cell that allocates")
        found["memory"] = memory(folder, rounds)
    result: dict[str, Any] = {
        "python": python,
        "rounds": rounds,
        "rate": RATE,
        "versions": versions_of(["py-spy", "memray", "pyinstrument", "scalene", "pybind11"]),
        **found,
    }
    if dump is not None:
        progress(f"  Python {python}: a dump of igprof")
        result["dump"] = {"bytes": os.path.getsize(dump), "opened": opened(dump, rounds)}
    return result


def show(result: dict[str, Any]) -> None:
    print(f"Python {result['python']}, {result['rounds']} rounds: median (least-most)")
    for name in ("hot", "memory"):
        found = result[name]
        bare = spread([seconds * 1000 for seconds in found["bare"]["code"]], " ms", 0)
        print(f"\nslow-down of the cell {name}, bare {bare}")
        for tool, ratios in found["ratios"].items():
            code, whole = spread(ratios["code"], "x"), spread(ratios["all"], "x")
            print(f"  {found['labels'][tool]:46} code {code:24} all {whole}")
        for tool, reason in found["failed"].items():
            print(f"  {found['labels'][tool]} failed: {reason}")
    for tool, (seen, mixed) in result["hot"]["seen"].items():
        share = 100 * mixed / seen if seen else 0
        print(f"{tool}: {mixed} of {seen} samples in C++ are mixed ({share:.1f} %)")
    if "dump" in result:
        opened_in = spread([run["seconds"] for run in result["dump"]["opened"]], " s", 1)
        print(f"load() of a dump of {result['dump']['bytes'] / 1e6:.0f} MB: {opened_in}")


def main() -> None:
    parser = options(__doc__ or "", 9)
    parser.add_argument("--dump", help="a dump of igprof to open")
    arguments = parser.parse_args()
    result = measure(arguments.rounds, arguments.dump)
    (print_json if arguments.json else show)(result)


if __name__ == "__main__":
    main()
