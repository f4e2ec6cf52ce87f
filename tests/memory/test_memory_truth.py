"""Known allocations of Python and of C++: their peak, all of them, and what is left, to the byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from kernels import Kernel, Outcome
from memories import METRICS, check, label, line_of, names_of, of_line, total

from jupyterlab_profiler.model import Profile

MEGA = 1_000_000
#: What a list of n pointers takes beside its header, which lies in Python's small blocks.
POINTER = 8
CELL = f"""%%memory
stores = [heap.Store(250_000) for _ in range(4)]
heap.churn(1000, 100_000)
numbers = [None] * {MEGA}
def held(count):
    return bytearray(count)
buffer = held(3 * {MEGA} - 1)
del numbers
"""
STORES, CHURN, LIST, BUFFER = 8 * MEGA, 100 * MEGA, POINTER * MEGA, 3 * MEGA
#: What else such a cell allocates: wrappers of pybind11, tables of Python.
LITTLE = 60_000

Known = tuple[Outcome, Profile]


@pytest.fixture(scope="module")
def known(memory_kernel: Kernel) -> Known:
    outcome = memory_kernel.run(CELL)
    assert outcome.status == "ok", outcome.traceback
    return outcome, outcome.profile


def test_each_line_has_what_it_allocated_to_the_byte(known: Known, heap_folder: Path) -> None:
    outcome, profile = known
    cell = label(outcome)
    store, churn = line_of(heap_folder, "store"), line_of(heap_folder, "churn")
    values = {
        metric: (
            of_line(profile, "heap.cpp", store, metric),
            of_line(profile, "heap.cpp", churn, metric, "churn"),
            of_line(profile, cell, 4, metric),
            of_line(profile, cell, 7, metric),
            of_line(profile, cell, 6, metric, "held"),
        )
        for metric in METRICS
    }
    assert values["peak_bytes"] == (STORES, 0, LIST, BUFFER, BUFFER)
    assert values["bytes"] == (STORES, CHURN, LIST, BUFFER, BUFFER)
    assert values["allocations"] == (4, 1000, 1, 1, 1)
    assert values["live_bytes"] == (STORES, 0, 0, BUFFER, BUFFER)
    assert of_line(profile, cell, 3, "bytes") == CHURN
    assert STORES <= of_line(profile, cell, 2, "peak_bytes") <= STORES + LITTLE


def test_the_sums_are_those_of_all_and_said_in_words(known: Known, heap_folder: Path) -> None:
    outcome, profile = known
    for name, metric, least in (
        ("memory-peak", "peak_bytes", STORES + LIST + BUFFER),
        ("memory-total", "bytes", STORES + CHURN + LIST + BUFFER),
        ("memory-live", "live_bytes", STORES + BUFFER),
    ):
        told = check(profile, name)
        assert told.value == total(profile, metric)
        assert (told.unit, told.ok) == ("bytes", None)
        assert told.value is not None and least <= told.value <= least + LITTLE
    peak = check(profile, "memory-peak").text
    assert "At its peak the code held 19.0 MB" in peak
    assert (
        f"8.00 MB, by {label(outcome)}, line 2" in peak
        or f"8.00 MB, by {label(outcome)}, line 4" in peak
    )
    assert f"8.00 MB by Store at heap.cpp:{line_of(heap_folder, 'store')}" in peak
    assert "100 MB" in check(profile, "memory-total").text
    split = check(profile, "memory-split")
    assert split.value is not None and STORES <= split.value <= STORES + LITTLE


def test_allocators_are_folded_into_who_called_them(known: Known) -> None:
    _, profile = known
    names = {function.qualified for function in profile.functions}
    for allocator in ("malloc", "operator new(unsigned long)", "_PyObject_Malloc", "PyMem_Malloc"):
        assert allocator not in names
    function = next(one for one in profile.functions if one.name == "Store")
    assert function.kind == "native"
    assert function.qualified == "heap::Store::Store(unsigned long)"


def test_the_tree_begins_at_the_cell_and_has_none_of_ours(known: Known) -> None:
    _outcome, profile = known
    roots = {
        profile.functions[int(function)].name
        for parent, function, thread in zip(
            profile.paths["parent"],
            profile.paths["function"],
            profile.paths.get("thread", [0] * profile.paths.rows),
            strict=True,
        )
        if parent == 0 and thread == 0
    }
    assert roots == {"<module>"}
    for file in profile.files:
        assert "jupyterlab_profiler/" not in file.path and "ipykernel/" not in file.path
        assert "/memray/" not in file.path and "IPython/" not in file.path
    assert not {"run_code", "run_cell_async"} & names_of(profile)


def test_texts_of_the_cell_and_of_the_cpp_file_are_kept(known: Known, heap_folder: Path) -> None:
    _outcome, profile = known
    texts = {profile.files[source.file].path: source for source in profile.sources}
    (cell,) = [source for path, source in texts.items() if "ipykernel" in path]
    assert cell.text.startswith("%%memory\nstores =")
    cpp = texts[str(heap_folder / "heap.cpp")]
    line = line_of(heap_folder, "store")
    assert cpp.text.splitlines()[line - cpp.line].endswith("// line: store")


def test_text_and_page_begin_with_the_figures(known: Known) -> None:
    outcome, _profile = known
    shown = outcome.displays[0]
    assert shown["text/plain"].startswith("At its peak the code held 19.0 MB")
    assert "bytes in" in shown["text/plain"] and "filename:lineno(function)" in shown["text/plain"]
    assert "At its peak the code held 19.0 MB" in shown["text/html"]
    assert "<p>Bytes at the peak: 19.0 MB in " in shown["text/html"]
    assert len(shown["text/html"]) < 20_000


def test_threads_that_the_cell_starts_are_roots_of_their_own(memory_kernel: Kernel) -> None:
    outcome = memory_kernel.run(
        "%%memory\n"
        "def work(count):\n    return bytearray(count - 1)\n"
        "kept = []\n"
        "thread = threading.Thread(target=lambda: kept.append(work(2_000_000)), name='mine')\n"
        "thread.start()\nthread.join()\n"
        "heap.in_thread(700_000)"
    )
    profile = outcome.profile
    of_thread: dict[str, float] = {}
    for thread, value in zip(profile.paths["thread"], profile.paths["self.bytes"], strict=True):
        name = profile.threads[int(thread)].name
        of_thread[name] = of_thread.get(name, 0) + value
    assert 2_000_000 <= of_thread["mine"] <= 2_000_000 + LITTLE
    (native,) = [name for name in of_thread if name.startswith("native thread")]
    assert 700_000 <= of_thread[native] <= 700_000 + LITTLE
    assert len(of_thread) == 3
    assert of_line(profile, label(outcome), 3, "live_bytes", "work") == 2_000_000


def test_tasks_and_pools_that_were_there_before_are_the_cells_where_they_run_its_code(
    memory_kernel: Kernel,
) -> None:
    memory_kernel.run(
        "from concurrent.futures import ThreadPoolExecutor\n"
        "pool = ThreadPoolExecutor(1)\npool.submit(int).result()"
    )
    outcome = memory_kernel.run(
        "%%memory\n"
        "def work(count):\n    return bytearray(count - 1)\n"
        "async def later(count):\n    await asyncio.sleep(0.01)\n    return work(count)\n"
        "task = asyncio.create_task(later(2_000_000))\nawait asyncio.sleep(0.1)\n"
        "one, two = await task, pool.submit(work, 1_500_000).result()"
    )
    profile = outcome.profile
    kinds: dict[str, float] = {}
    for thread, value in zip(profile.paths["thread"], profile.paths["self.bytes"], strict=True):
        at = profile.threads[int(thread)]
        key = at.kind if at.kind == "task" or not thread else "pool"
        kinds[key] = kinds.get(key, 0) + value
    assert 2_000_000 <= kinds["task"] <= 2_000_000 + LITTLE
    assert 1_500_000 <= kinds["pool"] <= 1_500_000 + LITTLE
    assert of_line(profile, label(outcome), 3, "live_bytes", "work") == 2_000_000


def test_python_that_cpp_calls_stands_below_it(memory_kernel: Kernel, heap_folder: Path) -> None:
    outcome = memory_kernel.run(
        "%%memory\nkept = []\ndef then():\n    kept.append(bytearray(1_999_999))\n"
        "heap.with_buffer(500_000, then)"
    )
    profile = outcome.profile
    offsets, functions = profile.paths.ints("parent"), profile.paths.ints("function")
    names = [profile.functions[function].name for function in functions]
    row, above = names.index("then"), []
    while offsets[row]:
        row -= offsets[row]
        above.append(names[row])
    assert "with_buffer" in above and above[-1] == "<module>"
    line = line_of(heap_folder, "outer")
    assert of_line(profile, "heap.cpp", line, "peak_bytes") == 500_000
    assert of_line(profile, "heap.cpp", line, "live_bytes") == 0


def test_small_objects_are_counted_one_by_one_where_that_is_asked_for(
    memory_kernel: Kernel,
) -> None:
    made = "%%memory {}\nkept = [{{index: index}} for index in range(20_000)]"
    blocks = memory_kernel.run(made.format("")).profile
    each = memory_kernel.run(made.format("--python-allocators")).profile
    assert total(each, "allocations") >= 40_000 > 1_000 > total(blocks, "allocations")
    assert total(each, "peak_bytes") == check(each, "memory-peak").value
    assert "pymalloc" in check(blocks, "memory-arenas").text
    assert all(one.id != "memory-arenas" for one in each.checks)


def test_without_native_frames_bytes_are_those_of_python_lines(memory_kernel: Kernel) -> None:
    outcome = memory_kernel.run("%%memory --no-native\nstores = heap.Store(250_000)")
    profile = outcome.profile
    assert {function.kind for function in profile.functions} == {"python"}
    assert of_line(profile, label(outcome), 2, "peak_bytes") >= 2_000_000
    assert "without native frames" in profile.meta.engine.reason
    assert all(one.id != "memory-split" for one in profile.checks)


def test_of_very_many_stacks_the_smaller_ones_are_put_together(memory_kernel: Kernel) -> None:
    body = "%%memory\nkept = [heap.Store(250_000)]\ndef f(n): return [None] * n\n" + "\n".join(
        f"kept.append(f({10_000 - 100 * n}))" for n in range(20)
    )
    name = "jupyterlab_profiler.collect.memory.build"
    memory_kernel.run(f"import {name} as building; limit = building.STACKS_LIMIT")
    whole = memory_kernel.run(body).profile
    memory_kernel.run("building.STACKS_LIMIT = 3")
    short = memory_kernel.run(body).profile
    memory_kernel.run("building.STACKS_LIMIT = limit")
    listed = 8 * sum(10_000 - 100 * n for n in range(20))
    for profile in (whole, short):
        assert listed + 2_000_000 <= total(profile, "live_bytes") <= listed + 2_000_000 + LITTLE
    assert "Store" in names_of(short) and "list_repeat" in names_of(whole)
    assert "(smaller stacks)" in names_of(short) - names_of(whole)
    assert check(short, "memory-python-only").value and check(short, "folded").value
    assert not {"folded", "memory-python-only"} & {one.id for one in whole.checks}


def test_displaying_a_value_is_apart(memory_kernel: Kernel) -> None:
    outcome = memory_kernel.run("%%memory\nnumbers = list(range(5000))\nnumbers")
    assert outcome.result is not None
    assert "(displaying)" in names_of(outcome.profile)
    assert "pretty" not in names_of(outcome.profile)


def test_a_cell_that_the_front_end_asks_for_is_measured_as_it_stands(memory_kernel: Kernel) -> None:
    memory_kernel.evaluate(
        "__import__('jupyterlab_profiler.remote', fromlist=['arm'])"
        ".arm(['mine'], '%%memory --no-native')"
    )
    outcome = memory_kernel.run(f"kept = bytearray({MEGA} - 1)\nlen(kept)", cell_id="mine")
    assert outcome.result == f"{MEGA - 1}"
    assert of_line(outcome.profile, label(outcome), 1, "live_bytes") == MEGA
    assert outcome.profile.meta.engine.reason.endswith("without native frames: asked for")
    assert memory_kernel.run("len(kept)", cell_id="mine").profiles == []
