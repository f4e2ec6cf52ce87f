"""Runs a script in a process of its own, compiled code seen: ``%native SCRIPT``, ``%igprof``."""

from __future__ import annotations

import os
import sys
import tempfile
from typing import TYPE_CHECKING

from IPython.core.error import UsageError

from .cells import running_cell
from .collect.collector import Unavailable
from .collect.native import igprof, perf
from .collect.native.report import coverage
from .formats import load
from .model import Engine, Origin, Profile, Warned
from .process import Ended, run_process, run_script, words_of
from .show import use

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from .model import Check
    from .options import Options


def run_native_script(shell: InteractiveShell, options: Options) -> object:
    """Run the script that the options name, and show its profile.

    Raises ``UsageError`` where nothing could be run, and KeyboardInterrupt when it was interrupted.
    """
    words = words_of(options)
    if options.magic == "igprof" or options.engine == "igprof":
        program = [*(["-m"] if options.as_module else []), *words]
        _run_igprof(shell, options, program, Origin("script", command=" ".join(program)))
        return None
    if options.engine == "perf":
        program = [*(["-m"] if options.as_module else []), *words]
        _run_perf(shell, options, program)
        return None
    return run_script(shell, options)


def run_cell_text(shell: InteractiveShell, options: Options, text: str) -> object:
    """Run a cell as a script under igprof: it sees no variables of the notebook."""
    with tempfile.TemporaryDirectory(prefix="jupyterlab-profiler-") as folder:
        path = os.path.join(folder, "cell.py")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        _run_igprof(shell, options, [path], Origin("cell", running_cell(shell)))
    return None


def _run_igprof(
    shell: InteractiveShell, options: Options, program: list[str], source: Origin
) -> None:
    try:
        path = igprof.find()
    except Unavailable as error:
        raise UsageError(f"%{options.magic}: {error}") from None
    limit = igprof.limit_of(options.timeout, _plain_seconds(shell, source))
    with tempfile.TemporaryDirectory(prefix="jupyterlab-profiler-") as folder:
        target = os.path.join(folder, "igprof.gz")
        ended, tries, cpu_ns = _tried(igprof.command(path, target, program), limit)
        profile = _loaded(target, ended, options.magic)
    named = igprof.name_python(profile, igprof.take_map(ended.pid))
    meta = profile.meta
    meta.source, meta.label = source, options.label or os.path.basename(program[-1])
    if tries > 1:
        meta.warnings.append(
            Warned("igprof-hung", "igprof hung the first time and was ended: this is the second.")
        )
    meta.warnings.append(
        Warned(
            "python-frames",
            f"igprof sees compiled code alone; {named} functions of Python that called it have "
            "their names by the perf trampoline."
            if named
            else "igprof sees compiled code alone, and no function of Python.",
        )
    )
    profile.checks.append(_coverage(profile, cpu_ns))
    _show(shell, options, profile, ended, program[0])


def _show(
    shell: InteractiveShell, options: Options, profile: Profile, ended: Ended, name: str
) -> None:
    """Show the profile, and how the script ended."""
    profile.meta.status = (
        "interrupted" if ended.was_interrupted else "error" if ended.code else "ok"
    )
    profile.view = options.view
    use(shell, profile, options)
    if ended.was_interrupted:
        raise KeyboardInterrupt
    if ended.code:
        print(f"*** {name} ended with exit code {ended.code}", file=sys.stderr)


def _plain_seconds(shell: InteractiveShell, source: Origin) -> float | None:
    """How long the same script took in the last profile, None if that was another one."""
    last = shell.user_ns.get("_profile")
    if not isinstance(last, Profile) or source.command is None or last.meta.wall is None:
        return None
    same = last.meta.source.command == source.command and last.meta.status == "ok"
    return last.meta.wall / 1e9 if same else None


def _run_perf(shell: InteractiveShell, options: Options, program: list[str]) -> None:
    try:
        path = perf.find()
    except Unavailable as error:
        raise UsageError(f"%{options.magic}: {error}") from None
    if options.timeout is not None:
        raise UsageError(
            f"%{options.magic}: perf samples a script until that ends: leave --timeout out"
        )
    rate = options.rate or perf.RATE
    with tempfile.TemporaryDirectory(prefix="jupyterlab-profiler-") as folder:
        before = _cpu_of_children()
        try:
            ended = run_process(perf.record(path, rate, folder, program))
            cpu_ns = _cpu_of_children() - before
            profile = load(perf.text_of(path, folder, jit=perf.support() == ["-X", "perf_jit"]))
        except (OSError, ValueError) as error:
            told = str(error).replace(folder, "")
            raise UsageError(f"%{options.magic}: nothing was measured: {told}") from None
    perf.shorten(profile)
    meta = profile.meta
    why = "compiled code of all threads; asked for"
    meta.engine = Engine("perf", "", why, f"samples of CPU time, {rate} asked for each second")
    meta.source = Origin("script", command=" ".join(program))
    meta.label = options.label or os.path.basename(program[0])
    if not perf.support():
        meta.warnings.append(
            Warned(
                "python-frames",
                "Functions of Python have no names: perf needs Python 3.12 or newer for them.",
            )
        )
    profile.checks.append(_coverage(profile, cpu_ns, "Of perf and the script together, samples"))
    _show(shell, options, profile, ended, program[0])


def _tried(command: list[str], limit: float) -> tuple[Ended, int, int]:
    """How the program ended, after how many tries, and the CPU that the last took, in ns."""
    for tries in (1, 2):
        before = _cpu_of_children()
        try:
            ended = run_process(command, limit)
        except OSError as error:
            raise UsageError(f"{command[0]} cannot be run: {error.strerror}") from None
        if not ended.timed_out:
            return ended, tries, _cpu_of_children() - before
    raise UsageError(igprof.HUNG)


def _cpu_of_children() -> int:
    times = os.times()
    return round((times.children_user + times.children_system) * 1e9)


def _loaded(target: str, ended: Ended, magic: str) -> Profile:
    how = f"the program ended with exit code {ended.code}"
    if ended.code < 0:
        how = f"the program was killed by signal {-ended.code}"
    try:
        return load(target)
    except FileNotFoundError:
        raise UsageError(f"%{magic}: igprof wrote no dump; {how}") from None
    except (OSError, ValueError) as error:
        told = str(error).replace(target, "igprof's dump")
        raise UsageError(f"%{magic}: {told}; {how}") from None


def _coverage(profile: Profile, cpu_ns: int, what: str = "Samples") -> Check:
    tick = next((metric.tick for metric in profile.metrics if metric.id == "time"), 0)
    covered = sum(profile.paths.ints("self.time")) * tick if tick else 0
    return coverage(covered, cpu_ns, what)
