"""What the benchmarks share: a kernel to run cells in, the list of tools, figures for people."""

from __future__ import annotations

import argparse
import json
import os
import queue
import statistics
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from jupyter_client.manager import KernelManager

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HERE = Path(__file__).resolve().parent
#: Seconds within which any cell must have ended.
PATIENCE = 180.0


@dataclass(frozen=True)
class Tool:
    """A profiler as a notebook user calls it. ``cell`` holds ``{body}`` where the code goes.

    ``displays``: it shows its result in the notebook. ``seldom``: it works or sleeps for seconds
    when the code is done, so it is not repeated where a repetition is only for precision.
    ``package`` is what it is installed from, if that is neither Python nor IPython.
    """

    name: str
    label: str
    load: str
    cell: str
    package: str = ""
    displays: bool = False
    seldom: bool = False

    def of(self, body: str) -> str:
        return self.cell.replace("{body}", body)


def tools() -> list[Tool]:
    return [Tool(**entry) for entry in json.loads((HERE / "tools.json").read_text("utf-8"))]


def workloads() -> str:
    return (HERE / "workloads.py").read_text("utf-8")


class CellError(Exception):
    """A cell ended in an error, or the kernel does not answer."""


@dataclass(frozen=True)
class Answer:
    """What came of a cell: its printed text, and seconds from request to reply and idle."""

    text: str
    seconds: float


class Kernel:
    """A kernel of this Python."""

    def __init__(self) -> None:
        self._manager = KernelManager(kernel_name="python3")
        assert self._manager.kernel_spec is not None
        self._manager.kernel_spec.argv[0] = sys.executable
        self._manager.kernel_spec.argv.append("--log-level=ERROR")
        # A tool that writes a file leaves it there.
        self._folder = TemporaryDirectory(prefix="bench-")
        self._manager.start_kernel(
            cwd=self._folder.name,
            env={**os.environ, "PYDEVD_DISABLE_FILE_VALIDATION": "1", "PYTHONWARNINGS": "ignore"},
        )
        self._client = self._manager.client()
        self._client.start_channels()
        try:
            self._client.wait_for_ready(timeout=PATIENCE)
        except BaseException:
            self.stop()
            raise

    def run(self, code: str, *, store_history: bool = True) -> Answer:
        """Run a cell. Raises :class:`CellError` when it fails."""
        began = time.perf_counter()
        message = self._client.execute(code, store_history=store_history)
        try:
            text = self._text(message)
            while True:
                reply = self._client.get_shell_msg(timeout=PATIENCE)
                if reply["parent_header"].get("msg_id") == message:
                    break
        except queue.Empty:
            raise CellError(f"no answer within {PATIENCE:.0f} s") from None
        seconds = time.perf_counter() - began
        content = reply["content"]
        if content["status"] != "ok":
            # A magic that is not known shows no error, it only prints: the reply tells.
            raise CellError(f"{content.get('ename')}: {content.get('evalue')}")
        return Answer(text, seconds)

    def _text(self, message: str) -> str:
        """What is printed until the kernel is idle."""
        text = ""
        while True:
            answer = self._client.get_iopub_msg(timeout=PATIENCE)
            if answer["parent_header"].get("msg_id") != message:
                continue
            content = answer["content"]
            if answer["msg_type"] == "stream" and content["name"] == "stdout":
                text += content["text"]
            elif content.get("execution_state") == "idle":
                return text

    def stop(self) -> None:
        self._client.stop_channels()
        self._manager.shutdown_kernel(now=True)
        self._folder.cleanup()


@contextmanager
def running_kernel() -> Iterator[Kernel]:
    kernel = Kernel()
    try:
        yield kernel
    finally:
        kernel.stop()


def options(doc: str, rounds: int) -> argparse.ArgumentParser:
    """``--rounds`` and ``--json``, which every benchmark has."""
    parser = argparse.ArgumentParser(description=doc.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=rounds, help=f"default {rounds}")
    parser.add_argument("--json", action="store_true", help="print all figures as JSON")
    return parser


def progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def spread(values: Sequence[float], unit: str = "", digits: int = 2) -> str:
    """Median, and the least and the most in brackets."""
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:.{digits}f}{unit} ({low:.{digits}f}-{high:.{digits}f})"


def print_json(result: dict[str, Any]) -> None:
    print(json.dumps(result))
