"""Addresses are named by the program that they are of: built here of `data/igprof/hot.cpp`.

Truth is in the source: the loops of ``matmul`` are on its lines 20 to 25, and `Matrix::operator()`
on lines 16 and 17 is inlined into them.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from compiling import compiled
from hot_program import MATMUL, NAME, SOURCE, build, dump, lines_of, load_back, symbols_of

from jupyterlab_profiler import load
from jupyterlab_profiler.__main__ import main
from jupyterlab_profiler.derive import totals_and_edges
from jupyterlab_profiler.formats import loads
from jupyterlab_profiler.model import File, Function, NativeObject, Table
from jupyterlab_profiler.symbols import symbolize, tools
from jupyterlab_profiler.symbols.binaries import Binaries
from jupyterlab_profiler.symbols.elf import Symbols, read_elf
from jupyterlab_profiler.symbols.tools import find_tool


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("built"))


def tool_of(name: str) -> tools.Tool:
    ask = {"llvm-symbolizer": tools._by_llvm, "addr2line": tools._by_addr2line}[name]
    return tools.Tool(name, partial(ask, name), name == "llvm-symbolizer")


#: addr2line comes with the compiler; llvm-symbolizer may not be there.
TOOLS = [name for name in ("llvm-symbolizer", "addr2line") if shutil.which(name)]


@pytest.mark.parametrize("tool", TOOLS)
class TestATool:
    def test_lines_files_and_inlined_frames(
        self, program: Path, tool: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("jupyterlab_profiler.symbols.lookup.find_tool", lambda: tool_of(tool))
        before = dump(program)
        after = symbolize(before)
        samples = sum(before.paths["self.samples"])
        assert samples == symbols_of(program)[MATMUL][1]
        assert sum(after.paths["self.samples"]) == sum(after.lines["self.samples"]) == samples
        functions = {function.name: function for function in after.functions}
        matmul = functions[NAME]
        assert after.files[matmul.file or 0].path == str(program.with_name("hot.cpp"))
        lines = lines_of(after, NAME)
        assert set(lines) <= set(range(19, 27)) and lines[23] > 20
        # Call paths have the lines as well: of the function's file alone.
        paths = zip(after.paths.ints("function"), after.paths.ints("line"), strict=True)
        at = {line for function, line in paths if after.functions[function] is matmul}
        assert set(lines) <= at <= set(range(19, 27))
        # What was inlined is at its own lines, below matmul.
        inlined = after.paths.ints("inlined")
        below = {
            after.functions[function].name
            for function, is_inlined in zip(after.paths.ints("function"), inlined, strict=True)
            if is_inlined
        }
        assert below
        files = {file.path for file in after.files}
        assert any(path.endswith("stl_vector.h") for path in files)
        hot = after.lines.ints("file")
        own_lines = {
            line
            for line, file in zip(after.lines.ints("line"), hot, strict=True)
            if after.files[file - 1].path.endswith("hot.cpp")
        }
        assert own_lines & {16, 17}
        # readCatalog called it on line 49; where it goes on is line 50.
        assert list(lines_of(after, "readCatalog(int)")) == [49]

    def test_a_thousand_addresses_at_once(self, program: Path, tool: str) -> None:
        start, size = symbols_of(program)[MATMUL]
        addresses = [start + number % size for number in range(1000)]
        found = list(tool_of(tool).ask(str(program), addresses))
        assert len(found) == 1000
        assert all(frames[-1].name == NAME for frames in found)
        assert {Path(frames[-1].file).name for frames in found} == {"hot.cpp"}

    def test_nothing_is_known_of_what_is_not_there(self, program: Path, tool: str) -> None:
        found = list(tool_of(tool).ask(str(program), [symbols_of(program)[MATMUL][0], 0x9]))
        assert len(found) == 2
        assert not any(site.file for site in found[1])


class TestBinaries:
    def test_text_of_the_source_is_kept(self, program: Path) -> None:
        after = symbolize(dump(program))
        file = next(n for n, one in enumerate(after.files) if one.path.endswith("hot.cpp"))
        texts = [source for source in after.sources if source.file == file]
        text = SOURCE.read_text().splitlines(keepends=True)
        assert any("s += x(i, k) * y(k, j)" in source.text for source in texts)
        for source in texts:
            lines = source.text.splitlines(keepends=True)
            assert lines == text[source.line - 1 : source.line - 1 + len(lines)]
        assert load_back(after).sources == after.sources

    def test_a_source_that_is_newer_than_the_program_is_not_what_ran(self, tmp_path: Path) -> None:
        program = build(tmp_path)
        program.with_name("hot.cpp").write_text("// something else\n" * 60)
        after = symbolize(dump(program))
        assert not any("else" in source.text for source in after.sources)
        assert lines_of(after, NAME)

    def test_a_program_without_lines_or_without_names(self, program: Path, tmp_path: Path) -> None:
        before = dump(program)
        # Without -rdynamic nothing but the symbol table has the names.
        quiet = build(tmp_path, "-Wl,--no-export-dynamic")
        for option, source, told in (
            ("-g", program, "has names and no lines"),
            ("-s", quiet, "has no symbols: it was stripped"),
        ):
            folder = tmp_path / option
            folder.mkdir()
            subprocess.run(["strip", option, "-o", folder / "hot", source], check=True)
            after = symbolize(before, binaries=[str(folder / "hot")])
            assert sum(after.paths["self.samples"]) == sum(before.paths["self.samples"])
            assert not any("hot.cpp" in file.path for file in after.files)
            (text,) = (one.text for one in after.meta.warnings if one.code == "no-symbols")
            assert f"{program} {told}" in text
            # Names are as in the dump, and each address is there for another time.
            assert NAME in {function.name for function in after.functions}
            assert set(after.paths["address"]) == set(before.paths["address"])

    def test_what_was_not_found_can_be_found_later_by_its_build_id(
        self, program: Path, tmp_path: Path
    ) -> None:
        bare, there = tmp_path / "bare", tmp_path / "there"
        for folder in (bare, there):
            folder.mkdir()
        subprocess.run(["strip", "-g", "-o", bare / "hot", program], check=True)
        before = dump(program, "/opt/elsewhere/hot")
        nothing = symbolize(before)
        assert nothing.paths == before.paths or nothing.paths.rows == before.paths.rows
        assert "/opt/elsewhere/hot is not on this machine" in nothing.meta.warnings[-1].text
        first = symbolize(nothing, folders=[str(bare)])
        (build_id,) = {one.build_id for one in first.objects}
        assert len(build_id) == 40
        assert not lines_of(first, NAME)
        # By the build id, whatever it is called there, and not another program of its name.
        shutil.copy(program, there / "any-name")
        shutil.copy(sys.executable, there / "hot")
        second = symbolize(load_back(first), folders=[str(there)])
        assert lines_of(second, NAME)[23] > 20
        # The first time it was taken for the right one by its name, which stays true.
        assert any(one.code == "symbols-unsure" for one in second.meta.warnings)
        # And nothing is taken from another build.
        third = symbolize(first, binaries=[sys.executable])
        assert "is not on this machine" in third.meta.warnings[-1].text

    def test_another_build_is_not_taken(self, program: Path, tmp_path: Path) -> None:
        other = build(tmp_path, "-O1")
        profile = dump(program, str(other))
        elf = read_elf(program)
        assert elf is not None
        profile.objects = [NativeObject(str(other), elf.build_id)]
        after = symbolize(profile)
        assert f"{other} is here in another build alone" in after.meta.warnings[-1].text
        assert after.lines.rows == 0

    def test_another_build_is_known_by_its_names_where_there_is_no_build_id(
        self, program: Path, tmp_path: Path
    ) -> None:
        other = build(tmp_path, "-O0")
        before = dump(program, "hot")
        after = symbolize(before, binaries=[str(other)])
        named = {one.name for one in before.functions}
        assert {one.name for one in after.functions} == named
        assert after.lines.rows == 0
        told = {one.code: one.text for one in after.meta.warnings}
        assert f"build alone: {other} has other functions at its addresses" in told["no-symbols"]
        assert "symbols-unsure" not in told
        # Of two, the one that has them is taken.
        both = symbolize(before, binaries=[str(other), str(program)])
        assert lines_of(both, NAME)[23] > 20
        assert {one.code for one in both.meta.warnings} == {"symbols-unsure"}

    def test_names_of_one_function_are_all_known(self, tmp_path: Path) -> None:
        source = tmp_path / "twice.cpp"
        source.write_text(
            'extern "C" {\n__attribute__((noinline)) int work(int n) { return n * 3 + n / 7; }\n'
            'int alias(int) __attribute__((alias("work")));\n}\n'
            "int main(int n, char **) { return work(n); }\n"
        )
        program = compiled(source, tmp_path / "twice", "-O2", "-g")
        start, _ = symbols_of(program)["work"]
        assert Symbols(program).names(start) == {"work", "alias"}
        for name in ("work", "alias", "work@@V1", "work.constprop.0"):
            text = (
                f"P=(HEX ID=1 N=(a) T=0.1)\nC1 FN0=(F0=({program})+{start:x} N=({name}))+0 "
                "V0=(PERF_TICKS):(1,1,1)\n"
            )
            assert symbolize(loads([("a", text.encode())])).lines.rows == 1

    def test_a_program_at_a_fixed_place(self, tmp_path: Path) -> None:
        program = build(tmp_path, "-no-pie")
        elf = read_elf(program)
        assert elf is not None and elf.base > 0
        for base in (elf.base, 0):  # relative to where it is loaded, and as they are
            assert lines_of(symbolize(dump(program, base=base)), NAME)[23] > 20

    def test_without_a_tool_all_stays_and_a_sentence_tells(
        self, program: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = dump(program)
        monkeypatch.setenv("PATH", "")
        assert find_tool() is None
        after = symbolize(before)
        assert after.paths.rows == before.paths.rows
        assert list(after.paths["address"]) == list(before.paths["address"])
        assert "Neither llvm-symbolizer nor addr2line is installed" in after.meta.warnings[-1].text
        # The build id is there, so that another machine finds the right one.
        assert {len(one.build_id) for one in after.objects} == {40}

    def test_compiled_python_is_python(self, tmp_path: Path) -> None:
        source = tmp_path / "fast.cpp"
        source.write_text(
            'extern "C" {\n#line 5 "/opt/fast.pyx"\n__attribute__((noinline)) int fast(int n) {\n'
            'return n * 3 + n / 7; }\n}\n#line 1 "/opt/main.cpp"\n'
            "int main(int n, char **) { return fast(n); }\n"
        )
        program = compiled(source, tmp_path / "fast", "-O2", "-g")
        start, _ = symbols_of(program)["fast"]
        text = (
            f"P=(HEX ID=1 N=(a) T=0.1)\nC1 FN0=(F0=({program})+{start:x} N=(fast))+0 "
            "V0=(PERF_TICKS):(1,1,1)\n"
        )
        after = symbolize(loads([("a", text.encode())]))
        functions = {one.name: (one.kind, one.line) for one in after.functions}
        assert functions["fast"] == ("python", 5) or functions["fast"] == ("python", 0)
        assert "/opt/fast.pyx" in {file.path for file in after.files}

    def test_python_frames_and_their_lines_stay(self, program: Path) -> None:
        before = dump(program)
        paths = before.paths
        python = len(before.functions)
        before.files = [File("/opt/job.py")]
        before.functions = [*before.functions, Function("work", "", 0, 3)]
        # The root is a Python function at its line 4, which called into the program.
        functions = [python, *paths.ints("function")[1:]]
        lines = [4, *[0] * (paths.rows - 1)]
        before.paths = Table({**paths, "function": functions, "line": lines})
        whole = sum(paths["self.samples"])
        before.lines = Table(
            {"file": [1], "line": [4], "function": [python + 1], "thread": [0],
             "self.samples": [0], "total.samples": [whole]}
        )  # fmt: skip
        after = symbolize(before)
        (work,) = (number for number, one in enumerate(after.functions) if one.name == "work")
        assert after.functions[work].file == 0
        assert (after.paths.ints("function")[0], after.paths.ints("line")[0]) == (work, 4)
        rows = zip(
            after.lines.ints("function"), after.lines.ints("line"), after.lines["total.samples"],
            strict=True,
        )  # fmt: skip
        assert [row for row in rows if row[0] == work + 1] == [(work + 1, 4, whole)]
        assert sum(lines_of(after, NAME).values()) > 0
        assert load_back(after).lines.rows == after.lines.rows

    def test_totals_do_not_change(self, program: Path) -> None:
        before = dump(program)
        after = symbolize(before)
        whole = [max(totals_and_edges(one)[0]["total.samples"]) for one in (before, after)]
        assert whole[0] == whole[1]

    @pytest.mark.parametrize(
        "data",
        [b"", b"\x7fELF", b"\x7fELF\x02\x01" + b"\xff" * 58, b"\x7fELF\x01\x02" + b"\x01" * 80],
    )
    def test_what_is_no_elf_file_is_told(self, data: bytes, tmp_path: Path) -> None:
        path = tmp_path / "a"
        path.write_bytes(data)
        assert read_elf(path) is None
        with pytest.raises(ValueError, match="is no ELF file that can be read"):
            Binaries([str(path)])
        with pytest.raises(ValueError, match="is no folder"):
            Binaries(folders=[str(path)]).find(NativeObject("/x"))
        assert read_elf(tmp_path) is None
        assert read_elf("/dev/zero") is None

    def test_damaged_files_are_read_or_are_none(self, program: Path, tmp_path: Path) -> None:
        data = program.read_bytes()[:4096]
        path = tmp_path / "a"
        for at in range(0, 1000, 3):
            path.write_bytes(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :])
            found = read_elf(path)
            assert found is None or len(found.build_id) <= 2 * (1 << 16)
            assert len(Symbols(path).names(4096)) < 10
        whole = program.read_bytes()
        for at in (40, 44, 58, 60, 62):  # where sections are, how many, and how large
            path.write_bytes(whole[:at] + b"\xff\xff" + whole[at + 2 :])
            assert len(Symbols(path).names(symbols_of(program)[MATMUL][0])) < 10


class TestCommands:
    def test_symbolize(
        self, program: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        before, after = tmp_path / "before.json", tmp_path / "after.json"
        dump(program, "hot").save(before)
        assert main(["symbolize", str(before), "-o", str(after), "--dir", str(program.parent)]) == 0
        assert "does not tell which build of its libraries ran" in capsys.readouterr().err
        assert lines_of(load(after), NAME)[23] > 20
        assert main(["symbolize", str(before), "-o", str(tmp_path / "a.x")]) == 1
        assert main(["symbolize", str(before), "-o", str(after), "--binary", __file__]) == 1
        assert "is no ELF file" in capsys.readouterr().err

    def test_names_of_a_report(
        self, program: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        start, _ = symbols_of(program)[MATMUL]
        path = tmp_path / "a.pp"
        path.write_text(
            "P=(HEX ID=1 N=(hot) T=0.010000)\n"
            f"C1 FN0=(F0=({program})+{start + 4:x} N=(@?0x7f0000001234))+0 V0=(PERF_TICKS):(1,1,1)\n"
            f"C1 FN1=(F0+{start + 9:x} N=(@?0x7f0000001239))+0 V0:(2,2,2)\n"
        )
        assert main(["analyse", "-d", str(path)]) == 0
        assert f"@{{hot+{start + 4}}}" in capsys.readouterr().out
        assert main(["analyse", "-d", "-g", str(path)]) == 0
        # Named first and put together then.
        assert f"  100.0       0.03  {NAME} [2]\n" in capsys.readouterr().out
