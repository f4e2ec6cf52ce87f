"""From sampled stacks to a :class:`~jupyterlab_profiler.model.Profile`."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ...cppname import short_name
from ...formats.filename import CYTHON
from ...formats.frames import Parts, is_object_path, is_python_path, python_function
from ...formats.stacks import NONE, Frame, Stacks
from ...model import SAMPLES, TIME, Engine, Meta, NativeObject, Profile, Thread, Warned
from ...symbols.elf import build_id_of
from ..build import tell_of_run, this_thread
from ..codes import Codes
from ..files import describe
from ..names import Names, pseudo
from ..nativetext import native_file
from ..objects import LoadedObjects
from .stacks import DISPLAYING
from .texts import texts_of
from .waiting import waits

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import CodeType

    from ..clock import Stopwatch
    from ..files import Cells
    from .stacks import CutStacks, RawFrame, RawStack, RawStacks

#: Time of samples is an estimate: it is what lies between two of them.
SAMPLED_TIME = replace(TIME, exact=False)
#: Build ids are read of so many objects.
_MOST_OBJECTS = 500


@dataclass(frozen=True)
class Sampling:
    """How stacks were sampled: by what, and how far apart they are, in nanoseconds."""

    engine: Engine
    period_ns: float
    has_threads: bool = False
    warnings: list[Warned] = field(default_factory=list)


@dataclass
class Sampled:
    """A profile, and how many samples are in it and are not.

    ``own`` are those of the code and of its tasks, ``waiting`` those of other threads that waited,
    ``working`` those of other threads that did not, by thread; ``nameless`` those of the code that
    work in a function without a name, by object.
    """

    profile: Profile
    own: int = 0
    waiting: int = 0
    working: dict[int, int] = field(default_factory=dict)
    nameless: dict[str, int] = field(default_factory=dict)
    #: Threads that were seen at all.
    seen: set[int] = field(default_factory=set)


def build(
    raw: RawStacks,
    stacks: CutStacks,
    sampling: Sampling,
    watch: Stopwatch,
    meta: Meta,
    cells: Cells,
    objects: LoadedObjects | None = None,
    codes: Iterable[CodeType] = (),
) -> Sampled:
    """Name the frames, sum the samples, and keep the text of lines.

    ``codes`` are looked at where a function is no longer alive.
    ``objects`` are those of this process.
    """
    builder = _Builder(raw, sampling, objects or LoadedObjects(), codes)
    sampled = Sampled(Profile())
    own = builder.thread(this_thread(watch))
    for stack in stacks.own:
        builder.add(stack, own)
    if stacks.tasks:
        tasks = builder.thread(Thread("tasks", "task", parent=own, pid=os.getpid()))
        for stack in stacks.tasks:
            builder.add(stack, tasks)
    for stack in [*stacks.own, *stacks.tasks]:
        sampled.own += stack.count
        last = raw.frames[stack.frames[-1]]
        # What the C library does inside of a wait has no name anywhere.
        if last.address and not waits([raw.frames[frame] for frame in stack.frames]):
            sampled.nameless[last.path] = sampled.nameless.get(last.path, 0) + stack.count
    names: dict[int, int] = {}
    for stack in stacks.others:
        sampled.seen.add(stack.tid)
        if waits([raw.frames[frame] for frame in stack.frames]):
            sampled.waiting += stack.count
            continue
        sampled.working[stack.tid] = sampled.working.get(stack.tid, 0) + stack.count
        if sampling.has_threads and stack.frames:
            if stack.tid not in names:
                name = stack.thread or f"Thread {stack.tid}"
                names[stack.tid] = builder.thread(Thread(name, pid=os.getpid(), tid=stack.tid))
            builder.add(stack, names[stack.tid])
    if watch.awaiting_ns:
        builder.await_(own, watch.awaiting_ns)
    sampled.profile = builder.profile(meta, cells)
    tell_of_run(meta, watch, sampling.engine)
    meta.warnings += sampling.warnings
    return sampled


class _Builder:
    def __init__(
        self,
        raw: RawStacks,
        sampling: Sampling,
        objects: LoadedObjects,
        codes: Iterable[CodeType],
    ) -> None:
        self._raw = raw
        self._period_ns = sampling.period_ns
        self._objects = objects
        self._stacks = Stacks(sampling.engine.name)
        for metric in (SAMPLED_TIME, SAMPLES):
            self._stacks.metric(metric)
        self._codes = Codes(codes)
        self._code_of: dict[Parts, CodeType] = {}
        self._frames: dict[int, int] = {}

    def thread(self, thread: Thread) -> int:
        return self._stacks.thread(thread)

    def add(self, stack: RawStack, thread: int) -> None:
        node = self._stacks.frames.stack([self._frame(frame) for frame in stack.frames], thread)
        self._stacks.frames.add(node, SAMPLES.id, stack.count)

    def await_(self, thread: int, nanoseconds: int) -> None:
        node = self._stacks.frames.child(NONE, self._stacks.frame(self._pseudo("awaiting")), thread)
        self._stacks.frames.add(node, TIME.id, nanoseconds)

    def _pseudo(self, which: str) -> Frame:
        function = pseudo(which)
        parts = Parts(function.name, function.qualified, kind=function.kind)
        return Frame(self._stacks.function(parts))

    def _frame(self, index: int) -> int:
        found = self._frames.get(index)
        if found is None:
            found = self._frames[index] = self._stacks.frame(
                self._described(self._raw.frames[index])
            )
        return found

    def _described(self, frame: RawFrame) -> Frame:
        name, path, line = frame
        if frame == DISPLAYING:
            return self._pseudo("displaying")
        if is_python_path(path):
            return self._of_python(frame)
        if path.endswith(CYTHON):
            parts = python_function(name, path)
            return Frame(self._stacks.function(parts), line, path if line else "")
        if address := frame.address:
            return self._of_address(name, address)
        short = short_name(name)
        if not path or path == "?":
            return Frame(self._stacks.function(Parts(short, name, kind="jit")))
        if not line and (is_object_path(path) or path in self._objects):
            parts = Parts(short, name, kind="native", object=path)
            return Frame(self._stacks.function(parts))
        built = self._objects.built_of(path)
        parts = Parts(short, name, path, kind="native", object=built[0] if len(built) == 1 else "")
        return Frame(self._stacks.function(parts), line, path if line else "")

    def _of_python(self, frame: RawFrame) -> Frame:
        name, path, line = frame
        parts = python_function(name, path)
        code = self._codes.find(path, name, line)
        if name == "<module>":
            parts = replace(parts, line=1)
        elif code is not None:
            parts = replace(parts, line=code.co_firstlineno)
            self._code_of[parts] = code
        kind = "generated" if path.startswith("<") and not path.startswith("<frozen ") else "python"
        if kind != parts.kind and parts not in self._code_of:
            parts = replace(parts, kind=kind)
        return Frame(self._stacks.function(parts), line, path if line else "")

    def _of_address(self, name: str, address: int) -> Frame:
        """As a dump of igprof has them: by object and offset, the same in every run."""
        place = self._objects.locate(address)
        if place is None:
            return Frame(self._stacks.function(Parts(name, kind="jit")), address=address)
        path, offset = place
        parts = Parts(f"@{{{os.path.basename(path)}+{offset}}}", kind="native", object=path)
        return Frame(self._stacks.function(parts), address=offset)

    def profile(self, meta: Meta, cells: Cells) -> Profile:
        tree = self._stacks.frames
        times = tree.values.setdefault(TIME.id, {})
        for node, count in tree.values.get(SAMPLES.id, {}).items():
            times[node] = times.get(node, 0) + round(count * self._period_ns)
        profile = self._stacks.profile("")
        profile.meta = meta
        profile.files = [
            (describe if is_python_path(file.path) else native_file)(file.path, cells)
            for file in profile.files
        ]
        profile.objects = [
            NativeObject(found.path, build_id_of(found.path) if index < _MOST_OBJECTS else "")
            for index, found in enumerate(profile.objects)
        ]
        names = Names(cells, None)
        names.files, names.functions = profile.files, profile.functions
        names.codes = {
            index: self._code_of[parts]
            for index, parts in enumerate(self._stacks.functions)
            if parts in self._code_of
        }
        profile.sources = texts_of(profile, names, cells, self._objects)
        return profile
