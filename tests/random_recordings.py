"""Random recordings in a process of their own: a crash ends it, and its seed was printed before.

python random_recordings.py SEED STEPS
"""

from __future__ import annotations

import asyncio
import faulthandler
import gc
import random
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from recorders import Recorded, compiled_recorder, registered

from jupyterlab_profiler.collect.collector import Unavailable
from jupyterlab_profiler.collect.recorder import PathCollector


class Boom(Exception):
    pass


class Machine:
    """Does one random thing after the other, some inside of others."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.module = compiled_recorder()
        self.collectors: list[PathCollector] = []
        self.generators: list[Iterator[int]] = []
        self.greenlets: list[Any] = []
        self.muted: list[tuple[PathCollector, bool]] = []
        self.steps = 0
        self.depth = 0
        self.calm = 0
        self.stopped = 0
        self.actions: list[Callable[[], object]] = [
            self.start,
            self.stop,
            self.call,
            self.call,
            self.call_builtin,
            self.make_callables,
            self.boom,
            self.generate,
            self.advance,
            self.throw,
            self.mute,
            self.unmute,
            self.resume,
            self.pause,
            self.run_thread,
            self.run_loop,
            self.switch,
            self.interrupt,
            self.forget,
            self.abandon,
        ]

    def step(self) -> None:
        self.steps += 1
        if self.depth > 12:
            return
        self.depth += 1
        try:
            self.random.choice(self.actions)()
        finally:
            self.depth = max(self.depth - 1, 0)

    def steps_inside(self) -> None:
        for _ in range(self.random.randrange(4)):
            self.step()

    def one(self) -> PathCollector | None:
        return self.random.choice(self.collectors) if self.collectors else None

    def start(self) -> None:
        if len(self.collectors) > 3:
            self.collectors[0].stop()
            del self.collectors[0]
        collector = PathCollector(
            self.module,
            "recorder",
            self.random.choice([None, sys.displayhook, self]),
            threads=self.random.random() < 0.5,
            most_nodes=self.random.choice([2, 5, 50, 2_000_000]),
            cost_ns=self.random.choice([0.0, 50.0, 1e5]),
        )
        # Known before it starts: an interrupt may come at any time, and what it leaves half done
        # is done when it is stopped again.
        self.collectors.append(collector)
        try:
            collector.start()
        except Unavailable:
            if collector in self.collectors:
                self.collectors.remove(collector)

    def __call__(self, value: object) -> None:
        """A displayhook."""
        self.steps_inside()

    def stop(self) -> None:
        if self.collectors:
            collector = self.random.choice(self.collectors)
            recorded = Recorded(collector.stop())
            if collector in self.collectors:
                self.collectors.remove(collector)
            self.stopped += 1
            columns = recorded.columns
            assert min(columns.calls, default=0) >= 0
            assert sum(columns.thread_ns) == sum(columns.self_ns)
            recorded.tables()

    def abandon(self) -> None:
        if self.collectors and self.random.random() < 0.2:
            collector = self.collectors[-1]
            collector.abandon()
            if collector in self.collectors:
                self.collectors.remove(collector)

    def forget(self) -> None:
        if self.random.random() < 0.1:
            gc.collect()
        if self.generators and self.random.random() < 0.5:
            self.generators.pop(self.random.randrange(len(self.generators)))

    def call(self) -> None:
        collector = self.one()
        if collector is None or self.random.random() < 0.3:
            return self.steps_inside()
        return collector.call(self.steps_inside)

    def call_builtin(self) -> None:
        sorted([3, 1, 2], key=lambda n: (self.steps_inside(), n)[1])
        list(map(len, ["a"]))
        "a".upper()
        self(None)

    def make_callables(self) -> None:
        made = type("Made", (), {"__call__": lambda made: self.steps_inside()})
        made()()
        exec("def f(): return len('')\nf()", {})

    def boom(self) -> None:
        if self.random.random() < 0.3:
            raise self.random.choice([Boom, KeyboardInterrupt, SystemExit, ValueError])

    def generator(self) -> Iterator[int]:
        try:
            while True:
                yield 1
                self.steps_inside()
        except Boom:
            yield 2

    def generate(self) -> None:
        if len(self.generators) < 20:
            self.generators.append(self.generator())

    def advance(self) -> None:
        if self.generators:
            next(self.random.choice(self.generators), None)

    def throw(self) -> None:
        if self.generators:
            generator: Any = self.random.choice(self.generators)
            if self.random.random() < 0.5:
                generator.close()
            else:
                generator.throw(Boom)

    def mute(self) -> None:
        collector = self.one()
        if collector is not None:
            self.muted.append((collector, collector.mute()))

    def unmute(self) -> None:
        if self.muted:
            collector, before = self.muted.pop()
            collector.unmute(before)

    def resume(self) -> None:
        collector = self.one()
        if collector is not None:
            collector.resume()

    def pause(self) -> None:
        collector = self.one()
        if collector is not None:
            collector.pause()

    def run_thread(self) -> None:
        if self.random.random() < 0.2:
            thread = threading.Thread(target=lambda: (len("a"), sum(range(3))))
            self.calm += 1  # a start that is interrupted may leave a lock to wait for, for ever
            try:
                thread.start()
                thread.join()
            finally:
                self.calm -= 1

    def run_loop(self) -> None:
        if self.depth > 4 or self.random.random() < 0.8:
            return
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            self.calm += 1  # a loop that is interrupted inside itself may wait for ever
            try:
                asyncio.run(self.several())
            finally:
                self.calm -= 1

    async def several(self) -> None:
        await asyncio.gather(*(self.pausing() for _ in range(3)), return_exceptions=True)

    async def pausing(self) -> None:
        await asyncio.sleep(0)
        with suppress(KeyboardInterrupt, SystemExit):
            self.steps_inside()

    def switch(self) -> None:
        from greenlet import greenlet

        if self.random.random() < 0.3 and len(self.greenlets) < 5:
            self.greenlets.append(greenlet(self.steps_inside))
        if self.greenlets:
            chosen = self.random.choice(self.greenlets)
            if chosen.dead:
                self.greenlets.remove(chosen)
            else:
                chosen.switch()

    def interrupt(self) -> None:
        if self.random.random() < 0.1:
            signal.setitimer(signal.ITIMER_REAL, self.random.random() / 2000 + 1e-6)

    def run(self, steps: int) -> None:
        while self.steps < steps:
            try:
                # A step inside may have left a deep place by an error.
                self.depth = self.calm = 0
                try:
                    self.step()
                finally:
                    self.calm = 1
                    signal.setitimer(signal.ITIMER_REAL, 0)
            except (Boom, KeyboardInterrupt, SystemExit, ValueError, RuntimeError, StopIteration):
                pass
        for collector in self.collectors:
            collector.stop()


if __name__ == "__main__":
    seed, wanted = int(sys.argv[1]), int(sys.argv[2])
    machine = Machine(seed)

    def interrupted(*_: object) -> None:
        if machine.depth and not machine.calm:
            raise KeyboardInterrupt

    signal.signal(signal.SIGALRM, interrupted)
    faulthandler.dump_traceback_later(200, exit=True)
    sys.unraisablehook = lambda _: None
    machine.run(wanted)
    left = [what for what in registered() if not what.startswith("context variable")]
    print(machine.steps, machine.stopped, left)
