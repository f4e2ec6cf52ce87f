"""A cell behaves as if no profiler were there.

Each cell runs twice in one kernel: below a comment, and below a magic of ours. What comes back must
be the same.
"""

from __future__ import annotations

import re

import pytest
from kernels import Kernel, Outcome
from recorders import HAS_MONITORING

from jupyterlab_profiler.wire import MIME

PLAIN = "# as it was"
MAGICS = (
    "%%cprofile",
    "%%lprun",
    "%%lprun --engine line_profiler",
    "%%cprofile --lines",
    "%%native",
    "%%memory",
)

CELLS = {
    "last value": "x = 20\nx + 1",
    "last value silenced": "x = 20\nx + 1;",
    "no value": "x = 20",
    "only a comment": "# nothing",
    "nothing at all": "",
    "output in order": (
        "import sys\nprint('a', flush=True)\nprint('b', file=sys.stderr, flush=True)\nprint('c')\n'd'"
    ),
    "display": "from IPython.display import display\ndisplay(1)\nprint(2)\ndisplay(3)\n4",
    "clear_output": (
        "from IPython.display import clear_output\nprint(1)\nclear_output(wait=True)\nprint(2)"
    ),
    "display update": (
        "from IPython.display import display\nh = display(1, display_id='h')\nh.update(2)"
    ),
    "await": "import asyncio\nawait asyncio.sleep(0.001)\n'after'",
    "await value": (
        "import asyncio\nasync def f():\n    await asyncio.sleep(0.001)\n    return 5\nawait f()"
    ),
    "async for": (
        "async def g():\n    for i in range(3):\n        yield i\nasync for i in g():\n    print(i)"
    ),
    "async with": (
        "class C:\n    async def __aenter__(self): return 'in'\n"
        "    async def __aexit__(self, *a): print('out')\nasync with C() as c:\n    print(c)"
    ),
    "await in the kernel's own loop and thread": (
        "import asyncio, threading\n"
        "async def where(): return threading.current_thread() is threading.main_thread()\n"
        "loop = asyncio.get_running_loop() if False else asyncio.get_event_loop()\n"
        "await where(), asyncio.get_running_loop() is loop"
    ),
    "tasks": (
        "import asyncio\nasync def job(i):\n    await asyncio.sleep(0.001 * i)\n    return i\n"
        "await asyncio.gather(*[asyncio.create_task(job(i)) for i in range(3)])"
    ),
    "timeout": (
        "import asyncio\ntry:\n    async with asyncio.timeout(0.01):\n        await asyncio.sleep(5)\n"
        "except TimeoutError:\n    print('timed out')\nsum(range(3))"
    ),
    "context variable set in an awaiting cell": (
        "import asyncio, contextvars\nv = contextvars.ContextVar('v')\nv.set(3)\n"
        "await asyncio.sleep(0)\nv.get()"
    ),
    "line magic": "%precision 3\n1/3",
    "line magic with a value": "v = %pwd\ntype(v).__name__",
    "shell": "!echo hello",
    "shell to a variable": "lines = !echo hello\nlines[0]",
    "help": "len?",
    "time below": "%%time\n1 + 1\nNone",
    "capture below": "%%capture out\nprint('kept')",
    "html below": "%%html\n<b>bold</b>",
    "literals": "s = '''a\n%%cprofile\n!ls\n  %time x\n\tq\n'''\ns",
    "f-string": "a = 'b'\nf'{a!r:>5}{{}}'",
    "future import": (
        "from __future__ import annotations\ndef f(x: Undefined): pass\nf.__annotations__"
    ),
    "future import and await": (
        "from __future__ import annotations\nimport asyncio\nawait asyncio.sleep(0)\n'ok'"
    ),
    "docstring": "'a docstring'\nx = 1",
    "variables": "a1 = 1\nb1 = a1 + 1\ndel a1\n'a1' in globals(), b1",
    "global": "def f():\n    global made\n    made = 7\nf()\nmade",
    "class": (
        "import pickle\nclass Point:\n    def __init__(self, x): self.x = x\n"
        "pickle.loads(pickle.dumps(Point(3))).x, Point.__module__"
    ),
    "source": (
        "import inspect\ndef zz():\n    return 1  # the source\n"
        "inspect.getsource(zz), zz.__code__.co_firstlineno"
    ),
    "warning": "import warnings\nwarnings.warn('careful')",
    "names": "__name__, '__file__' in globals()",
    "error": "def inner():\n    return 1 / 0\n\ndef outer():\n    return inner()\n\nouter()",
    "error in an await": (
        "import asyncio\nasync def bad():\n    await asyncio.sleep(0.001)\n    raise KeyError('k')\n"
        "await bad()"
    ),
    "error that refuses attributes": (
        "from dataclasses import dataclass\n@dataclass(frozen=True)\nclass E(Exception):\n"
        "    code: int\nraise E(1)"
    ),
    "own cProfile": (
        "import cProfile\ndef leaf(): pass\npr = cProfile.Profile()\npr.enable()\n"
        "for i in range(50): leaf()\npr.disable()\n"
        "[e.callcount for e in pr.getstats() if getattr(e.code, 'co_name', '') == 'leaf']"
    ),
    "own profile function": (
        "import sys\nseen = []\ndef leaf(): pass\n"
        "sys.setprofile(lambda f, e, a: seen.append(f.f_code.co_name) if e == 'call' else None)\n"
        "leaf()\nleaf()\nsys.setprofile(None)\nseen.count('leaf')"
    ),
    "a future that was cancelled": (
        "import asyncio\nt = asyncio.ensure_future(asyncio.sleep(9)); t.cancel()\nawait t"
    ),
    "error with a cause": "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    raise ValueError('v') from e",
    "error in a displayed value": (
        "class Bad:\n    def __repr__(self): raise RuntimeError('no repr')\nBad()"
    ),
    "exception group": "raise ExceptionGroup('g', [ValueError(1), KeyError(2)])",
    "syntax error": "x = 1\ny = = 2",
    "syntax error at run time": "x = 1\ncompile('y = = 2', 'f', 'exec')",
    "indentation error": "def f():\nreturn 1",
    "name error": "undefined_name",
    "exit": "import sys\nsys.exit(3)",
    "assert": "assert 1 == 2, 'not equal'",
    "recursion": ("def deep(n):\n    return 0 if n == 0 else 1 + deep(n - 1)\ndeep(500)"),
    "too deep": "def endless():\n    endless()\ntry:\n    endless()\nexcept RecursionError:\n    print('deep')",
    "generator": "def g():\n    yield 1\n    yield 2\nlist(g())",
    "user's traceback": (
        "import traceback\ntry:\n    1 / 0\nexcept ZeroDivisionError:\n    print(traceback.format_exc().count('File'))"
    ),
    "nested run_cell": "get_ipython().run_cell('print(5)').success",
    "exec and eval": "exec('q = 3')\neval('q + 1')",
    "lambda and comprehension": "[f(2) for f in (lambda n: n + 1, lambda n: n * 2)]",
    "indented": "    a = 1\n    a + 1",
    "trailing semicolon and comment": "3;  # silenced",
    "tuple of interactive values": "1\n2\n3",
    "last line is an if": "if True:\n    5",
    "assignment expression": "(n := 10)",
    "multi-line call": "print(\n    'a',\n    'b',\n)",
    "unicode": "π = 3.14\n'é' * 2",
    "windows lines": "a = 1\r\na + 1",
    "tabs": "def f():\n\treturn 4\nf()",
    "decorator": "import functools\n@functools.lru_cache\ndef c(n): return n\nc(1), c.cache_info().misses",
}


def normal(outcome: Outcome, magic: str = MAGICS[0]) -> tuple[object, ...]:
    """What a user sees, without what differs between any two runs of a cell."""

    def text(value: object) -> str:
        found = str(value).replace(f"u'{magic}'", PLAIN).replace(magic, PLAIN)
        found = re.sub(r"In\s?\[\d+\]|In \[\d+\]|line \d+ of|input-\d+-\w+", "In[n]", found)
        found = re.sub(r"ipykernel_\d+[/\\]\d+\.py", "ipykernel/cell.py", found)
        found = re.sub(r"\(\d+\.py", "(cell.py", found)
        found = re.sub(r"0x[0-9a-f]+", "0x", found)
        return re.sub(r"(CPU times|Wall time): .*", r"\1", found)

    streams: list[tuple[str, str]] = []
    # Each stream is flushed at moments of its own: in which order the two come is chance.
    open_streams: dict[str, int] = {}
    for kind, data in outcome.outputs:
        if kind == "display_data" and MIME in data:
            continue
        if kind in open_streams:
            place = open_streams[kind]
            streams[place] = (kind, streams[place][1] + text(data))
        elif kind in ("stdout", "stderr"):
            both = {**open_streams, kind: len(streams)}
            first = min(both.values())
            streams[first:] = sorted([*streams[first:], (kind, text(data))])
            open_streams = {name: first + place for place, name in enumerate(sorted(both))}
        else:
            open_streams = {}
            streams.append((kind, text(data)))
    return (
        outcome.status,
        outcome.ename,
        text(outcome.evalue),
        text(outcome.traceback),
        outcome.result,
        streams,
    )


#: Cells that must come first in a cell, so that no comment can stand above the plain one.
FIRST = ("time below", "capture below", "html below", "indented")
#: Cells that IPython does not run at all.
NEVER_RUN = ("syntax error", "indentation error")
#: IPython prints this error itself; the cell's code has ended well.
SHOWN_BY_IPYTHON = ("error in a displayed value",)


@pytest.mark.parametrize("magic", MAGICS)
@pytest.mark.parametrize("name", CELLS)
def test_a_profiled_cell_does_what_the_plain_cell_does(
    kernel: Kernel, name: str, magic: str
) -> None:
    body = CELLS[name]
    kernel.run("import warnings; warnings.simplefilter('always')", silent=True)
    plain = kernel.run(body if name in FIRST else f"{PLAIN}\n{body}")
    profiled = kernel.run(f"{magic}\n{body}")
    if HAS_MONITORING and "line_profiler" in magic and name == "own cProfile":
        # line_profiler takes its place there (docs/numbers.md).
        assert (profiled.ename, profiled.evalue) == (
            "ValueError",
            "Another profiling tool is already active",
        )
        return
    assert normal(profiled, magic) == normal(plain, magic)
    assert profiled.execution_count == (plain.execution_count or 0) + 1
    if name in NEVER_RUN:
        assert profiled.profiles == []
        return
    wanted = "ok" if plain.status == "ok" or name in SHOWN_BY_IPYTHON else "error"
    assert profiled.profile.meta.status == ("exit" if plain.ename == "SystemExit" else wanted)
