"""What tests ask of a profile of memory."""

from __future__ import annotations

from pathlib import Path

from kernels import Kernel, Outcome

from jupyterlab_profiler.model import Check, Profile

METRICS = ("peak_bytes", "bytes", "allocations", "live_bytes")


def check(profile: Profile, name: str) -> Check:
    (found,) = [check for check in profile.checks if check.id == name]
    return found


def total(profile: Profile, metric: str) -> float:
    return sum(profile.paths.get(f"self.{metric}", ()))


def of_line(profile: Profile, file: str, line: int, metric: str, function: str = "") -> float:
    """The total of a metric at a line of the file of this label or end of a path."""
    lines, found = profile.lines, 0.0
    for row in range(lines.rows):
        of = profile.files[int(lines["file"][row]) - 1]
        name = profile.functions[int(lines["function"][row]) - 1].name
        if (
            (of.label == file or of.path.endswith(file))
            and lines["line"][row] == line
            and function in ("", name)
        ):
            found = max(found, lines[f"total.{metric}"][row])
    return found


def line_of(folder: Path, mark: str) -> int:
    """The line of heap.cpp that a comment names."""
    text = (folder / "heap.cpp").read_text(encoding="utf-8").splitlines()
    (found,) = [place for place, line in enumerate(text, 1) if line.endswith(f"// line: {mark}")]
    return found


def label(outcome: Outcome) -> str:
    return f"Cell [{outcome.execution_count}]"


def names_of(profile: Profile) -> set[str]:
    return {function.name for function in profile.functions}


def left_behind(kernel: Kernel) -> object:
    """What a recording could leave in the kernel."""
    return kernel.value(
        "(os.listdir(tempfile.tempdir), sys.getprofile(), threading._profile_hook,"
        " [t.name for t in threading.enumerate() if 'jupyterlab_profiler' in t.name],"
        " sorted(set(vars(threading.Thread)) & {'_name', '_ident'}))"
    )


NOTHING: object = ([], None, None, [], [])
