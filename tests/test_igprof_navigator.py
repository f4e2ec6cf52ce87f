"""Files for igprof-navigator, beside those of igprof-analyse (`data/igprof/README.md`)."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from igprof_samples import IGPROF, count, of_text, printed, text_of

from jupyterlab_profiler import load
from jupyterlab_profiler.formats import dumps as dump_as
from jupyterlab_profiler.igprof.flat import flat_of
from jupyterlab_profiler.igprof.navigator import json_text, sqlite_file


class TestNavigator:
    @pytest.mark.parametrize(
        ("dump", "counter", "sample"),
        [("hot.pp.gz", None, "hot.pp.sql3"), ("hot.mp.gz", "MEM_TOTAL", "hot.mp.MEM_TOTAL.sql3")],
    )
    def test_the_database_has_the_rows_that_theirs_has(
        self, dump: str, counter: str | None, sample: str, tmp_path: Path
    ) -> None:
        found = count(dump, counter=counter)
        path = tmp_path / "a.sql3"
        path.write_bytes(sqlite_file(found, flat_of(found)))
        with (
            closing(sqlite3.connect(path)) as ours,
            closing(
                sqlite3.connect(f"file:{IGPROF / sample}?mode=ro&immutable=1", uri=True)
            ) as theirs,
        ):

            def ask(database: sqlite3.Connection, question: str) -> list[Any]:
                return database.execute(question).fetchall()

            tables = "SELECT name FROM sqlite_master ORDER BY name"
            assert ask(ours, tables) == ask(theirs, tables)
            for table in ("summary", "files", "symbols", "mainrows", "children", "parents"):
                columns = f"SELECT name FROM pragma_table_info('{table}')"
                assert ask(ours, columns) == ask(theirs, columns)
            assert ask(ours, "SELECT * FROM summary") == ask(theirs, "SELECT * FROM summary")
            rows = (
                "SELECT id, self_count, cumulative_count, kids, self_calls, total_calls, "
                "total_paths, pct FROM mainrows ORDER BY id"
            )
            assert ask(ours, rows) == ask(theirs, rows)
            edges = "SELECT * FROM {} ORDER BY 1, 2, 3"
            assert ask(ours, edges.format("parents")) == ask(theirs, edges.format("parents"))
            # Of callees equal in name and numbers theirs has one.
            callees = [set(ask(one, edges.format("children"))) for one in (ours, theirs)]
            assert callees[0] >= callees[1]
            assert {(a, b, *rest) for a, b, *rest in callees[0]} == {
                (b, a, *rest) for a, b, *rest in ask(ours, edges.format("parents"))
            }
            assert ask(ours, "PRAGMA foreign_key_check") == []
            # Theirs has garbage in places; here every row has a name and a file.
            names = (
                "SELECT mainrows.id, symbols.name, files.name FROM mainrows "
                "JOIN symbols ON symbol_id = symbols.id JOIN files ON filename_id = files.id"
            )
            assert len(ask(ours, names)) == len(ask(ours, "SELECT id FROM mainrows"))
            assert (5, "main", "/opt/demo/hot") in ask(ours, names)

    def test_json_has_the_rows_that_theirs_has(self) -> None:
        found = count("hot.pp.gz")
        ours = json.loads(json_text(found, flat_of(found)))
        theirs = json.loads(text_of("hot.pp.json"))
        assert list(ours) == list(theirs)
        assert ours["summary"] == theirs["summary"]
        assert [[row[0], *row[3:]] for row in ours["mainrows"]] == [
            [row[0], *row[3:]] for row in theirs["mainrows"]
        ]
        assert ours["callers"] == theirs["callers"]
        assert {tuple(row) for row in theirs["callees"]} <= {tuple(row) for row in ours["callees"]}
        assert ours["symbols"][4] == theirs["symbols"][4] == "main"

    def test_by_convert_and_as_statements(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = tmp_path / "a.sql3"
        printed(capsys, "convert", IGPROF / "hot.pp.gz", path)
        statements = printed(capsys, "analyse", "-s", IGPROF / "hot.pp.gz")
        text = printed(
            capsys, "convert", "--to", "igprof-json", IGPROF / "hot.pp.gz", tmp_path / "b"
        )
        assert text == ""
        total = "SELECT sum(self_count), max(cumulative_count) FROM mainrows"
        with closing(sqlite3.connect(path)) as one, closing(sqlite3.connect(":memory:")) as other:
            other.executescript(statements)
            assert one.execute(total).fetchall() == other.execute(total).fetchall() == [(683, 683)]
        assert json.loads((tmp_path / "b").read_bytes())["summary"]["total_counts"] == 683

    def test_names_are_data(self) -> None:
        found = of_text(
            "P=(ID=1 N=(a) T=0.01)\nC1 FN0=(F0=(a')--\")+1 N=(f'); DROP TABLE files; --\"))+1 "
            "V0=(PERF_TICKS):(1,1,1)\n"
        )
        database = sqlite3.connect(":memory:")
        database.deserialize(sqlite_file(found, flat_of(found)))
        names = [name for (name,) in database.execute("SELECT name FROM symbols")]
        assert names == ["<spontaneous>", "f'); DROP TABLE files; --\""]
        database.close()

    def test_sums_that_sqlite_cannot_hold_are_refused(self) -> None:
        profile = load(IGPROF / "hot.pp.gz")
        column = profile.paths["self.samples"]
        profile.paths = type(profile.paths)(
            {
                **profile.paths,
                "self.samples": [2**62] * len(column),
                "self.time": [2**62] * len(column),
            }
        )
        with pytest.raises(ValueError, match=r"above \d+ are among them"):
            dump_as(profile, "igprof-sqlite")
