"""A real kernel of the Python that runs the tests, and what a front end would see of a cell."""

from __future__ import annotations

import os
import queue
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import KernelManager

from jupyterlab_profiler.collect.choose import ENGINES, VARIABLE
from jupyterlab_profiler.model import Profile
from jupyterlab_profiler.wire import MIME, decode

PATIENCE = 60.0

#: Runs a test in a kernel of each engine.
on_every_engine = pytest.mark.parametrize("kernel", ENGINES, indirect=True, scope="module")
ROOT = Path(__file__).resolve().parent.parent
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass
class Outcome:
    """What came back for one execute request, in the order in which it came."""

    status: str = ""
    ename: str | None = None
    evalue: str | None = None
    traceback: str = ""
    result: str | None = None
    execution_count: int | None = None
    expressions: dict[str, Any] = field(default_factory=dict)
    outputs: list[tuple[str, Any]] = field(default_factory=list)

    def stream(self, name: str = "stdout") -> str:
        return "".join(text for kind, text in self.outputs if kind == name)

    @property
    def displays(self) -> list[dict[str, Any]]:
        return [data for kind, data in self.outputs if kind == "display_data"]

    @property
    def profiles(self) -> list[Profile]:
        return [decode(data[MIME]) for data in self.displays if MIME in data]

    @property
    def profile(self) -> Profile:
        (profile,) = self.profiles
        return profile


class Kernel:
    """A kernel process and the client that talks to it.

    ``engine`` is what its environment asks for, None for the best there is. ``launcher`` is a
    command that runs it.
    """

    def __init__(
        self, folder: Path, engine: str | None = None, launcher: tuple[str, ...] = ()
    ) -> None:
        self.folder = folder
        self.engine = engine
        #: Why no more is asked of it: each further test would wait as long.
        self._lost = ""
        self.manager = KernelManager(kernel_name="python3")
        self.manager.kernel_spec.argv[:1] = [*launcher, sys.executable]
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
        environment = {
            **os.environ,
            "PYTHONPATH": path,
            "IPYTHONDIR": str(folder / "ipython"),
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        }
        environment.pop(VARIABLE, None)
        if engine is not None:
            environment[VARIABLE] = engine
        work = folder / "work"
        work.mkdir()
        self.manager.start_kernel(env=environment, cwd=str(work))
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=PATIENCE)

    def stop(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def run(
        self,
        code: str,
        *,
        interrupt_at: str | None = None,
        answer: str | None = None,
        meanwhile: Callable[[Kernel], None] | None = None,
        cell_id: str | None = None,
        **request: Any,
    ) -> Outcome:
        """Execute code. ``interrupt_at``: press Interrupt when this text has been printed."""
        if self._lost:
            raise RuntimeError(f"an earlier test has lost this kernel: {self._lost}")
        content = {"allow_stdin": answer is not None, "stop_on_error": False, **request}
        message_id = self.send(code, cell_id, **content)
        outcome, idle, replied = Outcome(), False, False
        limit, press_again = time.monotonic() + PATIENCE, 0.0
        while not (idle and replied):
            if time.monotonic() > limit:
                self._lost = f"it did not finish {code!r}"
                raise TimeoutError(f"the kernel did not finish: {code!r}, so far {outcome}")
            if (code_of_end := self._ended()) is not None:
                self._lost = f"it ended with {code_of_end} in {code!r}"
                raise RuntimeError(
                    f"the kernel ended with {code_of_end}: {code!r}, so far {outcome}"
                )
            idle |= self._take_output(message_id, outcome)
            if (
                interrupt_at is not None
                and not replied
                and interrupt_at in outcome.stream()
                and time.monotonic() > press_again
            ):
                # As a person would: ipykernel misses one now and then, with and without a profiler.
                press_again = time.monotonic() + 5
                self.manager.interrupt_kernel()
                # An awaiting kernel may note the signal and sleep on: a message wakes its loop.
                self.client.kernel_info()
            if meanwhile is not None:
                meanwhile(self)
            if answer is not None and self._asked():
                self.client.input(answer)
                answer = None
            replied |= self._take_reply(message_id, outcome)
        return outcome

    def value(self, expression: str) -> Any:
        """The value of a literal expression in the kernel, without a trace in its history."""
        import ast

        outcome = self.run(f"print(repr(({expression})))", store_history=False)
        assert outcome.status == "ok", outcome.traceback
        return ast.literal_eval(outcome.stream())

    def send(self, code: str, cell_id: str | None = None, **request: Any) -> str:
        """Ask to execute code, as JupyterLab does for the cell of this id. The message's id."""
        if cell_id is None:
            sent: str = self.client.execute(code, **request)
            return sent
        content = {
            "code": code,
            "silent": False,
            "store_history": True,
            "user_expressions": {},
            **request,
        }
        message = self.client.session.msg("execute_request", content, metadata={"cellId": cell_id})
        self.client.shell_channel.send(message)
        found: str = message["header"]["msg_id"]
        return found

    def evaluate(self, expression: str) -> dict[str, Any]:
        """What a front end gets for a user expression of a silent, empty request."""
        outcome = self.run(
            "", silent=True, store_history=False, user_expressions={"it": expression}
        )
        assert outcome.status == "ok" and outcome.outputs == [], outcome
        found: dict[str, Any] = outcome.expressions["it"]
        return found

    def _ended(self) -> int | None:
        """The exit status of the process, negative for a signal; None while it runs."""
        process = getattr(self.manager.provisioner, "process", None)
        return None if process is None else process.poll()

    def _asked(self) -> bool:
        try:
            return bool(self.client.get_stdin_msg(timeout=0.01))
        except queue.Empty:
            return False

    def _take_reply(self, message_id: str, outcome: Outcome) -> bool:
        try:
            message = self.client.get_shell_msg(timeout=0.001)
        except queue.Empty:
            return False
        if message["parent_header"].get("msg_id") != message_id:
            return False
        content = message["content"]
        outcome.status = content["status"]
        outcome.ename, outcome.evalue = content.get("ename"), content.get("evalue")
        outcome.execution_count = content.get("execution_count")
        outcome.expressions = content.get("user_expressions", {})
        return True

    def _take_output(self, message_id: str, outcome: Outcome) -> bool:
        """Take one output message; True when it says that the kernel is idle again."""
        try:
            message = self.client.get_iopub_msg(timeout=0.02)
        except queue.Empty:
            return False
        if message["parent_header"].get("msg_id") != message_id:
            return False
        kind, content = message["msg_type"], message["content"]
        if kind == "status":
            return bool(content["execution_state"] == "idle")
        if kind == "stream":
            outcome.outputs.append((content["name"], content["text"]))
        elif kind == "execute_result":
            outcome.result = content["data"]["text/plain"]
            outcome.outputs.append((kind, content["data"]))
        elif kind == "display_data":
            outcome.outputs.append((kind, content["data"]))
        elif kind == "clear_output":
            outcome.outputs.append((kind, content["wait"]))
        elif kind == "error":
            outcome.traceback = _COLOUR.sub("", "\n".join(content["traceback"]))
            outcome.outputs.append((kind, content["ename"]))
        return False


@contextmanager
def running_kernel(
    folder: Path, engine: str | None = None, launcher: tuple[str, ...] = ()
) -> Iterator[Kernel]:
    kernel = Kernel(folder, engine, launcher)
    try:
        yield kernel
    finally:
        kernel.stop()
