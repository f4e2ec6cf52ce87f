"""What tools may print that are asked for addresses, by tools that print it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from jupyterlab_profiler.symbols import tools
from jupyterlab_profiler.symbols.tools import Site


class TestAnswers:
    """What tools may print, by tools that print it."""

    def tool(self, folder: Path, body: str) -> str:
        path = folder / "tool"
        path.write_text(f"#!{sys.executable}\nimport sys, json, time\n{body}\n")
        path.chmod(0o755)
        return str(path)

    def test_an_old_llvm_without_json(self, tmp_path: Path) -> None:
        body = (
            "if '--output-style=JSON' in sys.argv: sys.exit('unknown argument')\n"
            "for line in sys.stdin: print('inner()\\n/a b/x.h:3:1\\nouter(int)\\n??:0:0\\n')"
        )
        found = list(tools._by_llvm(self.tool(tmp_path, body), "x", [1, 2]))
        assert found == [[Site("inner()", "/a b/x.h", 3), Site("outer(int)")]] * 2

    def test_places_of_addr2line(self, tmp_path: Path) -> None:
        body = (
            "for line in sys.stdin:\n print(line.strip())\n print('f')\n"
            " print('/a:b/x.c:7 (discriminator 3)')\n print('??')\n print('??:?')"
        )
        found = list(tools._by_addr2line(self.tool(tmp_path, body), "x", [255]))
        assert found == [[Site("f", "/a:b/x.c", 7), Site("")]]

    def test_what_is_no_answer_names_nothing(self, tmp_path: Path) -> None:
        body = (
            "print('{\"Symbol\": 5}')\nprint('{no json')\nprint('{\"Symbol\": [{\"Line\": -1}]}')\n"
            'print(\'{"Symbol": [{"FunctionName": 3, "Line": "x"}]}\')'
        )
        found = list(tools._by_llvm(self.tool(tmp_path, body), "x", [1, 2, 3, 4]))
        assert found == [[], [], [Site("")], [Site("")]]

    def test_a_tool_that_hangs_or_prints_without_end_is_ended(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(tools, "_MOST_SECONDS", 0.5)
        monkeypatch.setattr(tools, "_MOST_BYTES", 100_000)
        tool = self.tool(tmp_path, "print('{}', flush=True)\ntime.sleep(1000)")
        assert list(tools._by_llvm(tool, "x", [1])) == [[]]
        tool = self.tool(tmp_path, "while True: print('{}')")
        assert len(list(tools._by_llvm(tool, "x", [1]))) < 100_000
