"""The wire format: what goes in comes out, and nothing that comes in does harm."""

from __future__ import annotations

import base64
import copy
import gzip
import json
import math
import random
import tracemalloc
from array import array
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from make_samples import FOLDER, SAMPLES
from strategies import profiles

from jupyterlab_profiler.model import (
    CALLS,
    TIME,
    Check,
    File,
    Function,
    Limit,
    Meta,
    Metric,
    Profile,
    Source,
    Table,
    Thread,
    View,
    Warned,
    Where,
)
from jupyterlab_profiler.wire import MIME, WireError, decode, encode, mime_bundle
from jupyterlab_profiler.wire.columns import decode_column, encode_column

SCHEMA = Draft202012Validator(
    json.loads((FOLDER.parent / "profile.v1.schema.json").read_text("utf-8"))
)
SAFE = 2**53 - 1


def through_json(payload: dict[str, Any]) -> Any:
    # As Jupyter sends and keeps it: UTF-8, no NaN.
    text = json.dumps(payload, ensure_ascii=False, allow_nan=False).encode("utf-8")
    return json.loads(text)


class TestRoundTrip:
    @given(profiles())
    @settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
    def test_any_profile_comes_back_as_it_went(self, profile: Profile) -> None:
        payload = encode(profile)
        SCHEMA.validate(payload)
        assert decode(through_json(payload)) == profile

    def test_an_empty_profile_comes_back(self) -> None:
        assert decode(through_json(encode(Profile()))) == Profile()

    def test_a_path_100_000_calls_deep_comes_back(self) -> None:
        deep = Profile(
            metrics=[CALLS],
            functions=[Function("down", "down")],
            threads=[Thread("MainThread")],
            paths=Table(
                {
                    "parent": [0] + [1] * 99_999,
                    "function": [0] * 100_000,
                    "self.calls": [1] * 100_000,
                }
            ),
        )
        assert decode(encode(deep, limit=None)) == deep

    @pytest.mark.parametrize(
        "text", ["caf\udce9.py", "\ud800", "pair \ud83d\udc0d apart"], ids=ascii
    )
    def test_a_lone_surrogate_is_written_as_its_escape(self, text: str) -> None:
        # os.fsdecode gives one for each byte of a file name that is no text.
        profile = Profile(
            Meta(label=text, warnings=[Warned("w", text)]),
            files=[File(text, cell=text)],
            functions=[Function(text, text, 0)],
            threads=[Thread(text)],
            checks=[Check("c", text, unit=text)],
        )
        read = decode(through_json(encode(profile)))
        escaped = text.encode("utf-8", "backslashreplace").decode("utf-8")
        assert read.meta.label == read.functions[0].name == read.files[0].path == escaped
        assert read.checks[0].unit == read.meta.warnings[0].text == escaped

    def test_whole_numbers_in_a_column_of_floats_stay_equal(self) -> None:
        assert list(decode_column(encode_column([5.0, -3.0]), 2, "c")) == [5, -3]

    def test_a_column_may_be_an_array(self) -> None:
        assert encode_column(array("q", [1, 300])) == encode_column([1, 300])
        assert encode_column(array("q", [1, 0, 127])) == encode_column([1, 0, 127])


class TestColumns:
    EDGES = (0, 1, 127, 128, 2**14 - 1, 2**14, 2**28 - 1, 2**28, 2**42 - 1, 2**42, SAFE)

    @pytest.mark.parametrize("most", EDGES)
    @pytest.mark.parametrize("repeat", [1, 300], ids=["short", "long"])
    def test_numbers_of_every_length_come_back(self, most: int, repeat: int) -> None:
        values = [value for value in self.EDGES if value <= most] * repeat
        column = encode_column(values)
        assert column["enc"] == "uvarint"
        assert list(decode_column(column, len(values), "c")) == values

    def test_negative_numbers_come_back_to_the_edge_of_zigzag(self) -> None:
        values = [-1, 0, 63, -64, 64, -65, -(2**52), 2**52 - 1]
        column = encode_column(values)
        assert column["enc"] == "zigzag"
        assert list(decode_column(column, len(values), "c")) == values

    @pytest.mark.parametrize("value", [2**53, -(2**52) - 1, 0.5, 1e300, -1e-300])
    def test_what_no_whole_number_encoding_holds_goes_as_binary64(self, value: float) -> None:
        column = encode_column([value])
        assert column["enc"] == "f64"
        assert list(decode_column(column, 1, "c")) == [value]

    def test_leb128_is_as_in_dwarf(self) -> None:
        # The examples of the DWARF 5 standard, figure C.1.
        raw = base64.b64decode(encode_column([2, 127, 128, 129, 12857])["data"])
        assert raw.hex(" ") == "02 7f 80 01 81 01 b9 64"

    def test_a_column_of_64_kb_is_not_compressed_and_a_longer_one_is(self) -> None:
        assert "gz" not in encode_column([1] * 65_536)
        assert encode_column([1] * 65_537)["gz"] is True

    def test_a_compressed_column_is_a_gzip_member_that_any_gzip_reads(self) -> None:
        column = encode_column([1] * 70_000)
        assert gzip.decompress(base64.b64decode(column["data"])) == b"\x01" * 70_000

    @pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 10**400, None, "1", 1j])
    def test_what_is_no_finite_number_is_refused_with_its_column(self, value: Any) -> None:
        with pytest.raises(WireError, match=r"edges\.self\.time"):
            encode_column([1, value], "edges.self.time")


class TestWriter:
    def test_columns_that_the_format_does_not_have_are_refused(self) -> None:
        profile = Profile(
            metrics=[TIME],
            functions=[Function("f", "f")],
            threads=[Thread("MainThread")],
            totals=Table({"function": [0], "self.calls": [1]}),
        )
        with pytest.raises(WireError, match=r"totals .*self\.calls"):
            encode(profile)

    @pytest.mark.parametrize(
        "totals",
        [
            Table({"function": [1], "self.time": [5]}),
            Table({"function": [-1], "self.time": [5]}),
            Table({"function": [0], "thread": [1], "self.time": [5]}),
        ],
        ids=["no such function", "below 0", "no such thread"],
    )
    def test_an_index_to_nowhere_is_refused_before_it_is_sent(self, totals: Table) -> None:
        profile = Profile(
            metrics=[TIME],
            functions=[Function("f", "f")],
            threads=[Thread("MainThread")],
            totals=totals,
        )
        with pytest.raises(WireError, match="out of range"):
            encode(profile)

    def test_what_its_own_reader_would_refuse_is_written_as_not_known(self) -> None:
        profile = Profile(
            # Types that the model forbids, on purpose: what a careless caller may put in.
            Meta(status="late", wall=1.5, where=Where(0, -1, "")),  # type: ignore[arg-type]
            [TIME],
            [File("/a.py", execution=-1)],
            [],
            [Function("f", "f", 0, -3), Function("g", "g", 0, 2**53)],
            [Thread("MainThread", pid=-1, tid=2**63)],
            paths=Table({"parent": [0, 1], "function": [0, 1], "line": [-5, 2**53]}),
            lines=Table({"file": [1, 1], "line": [-1, 7]}),
            sources=[Source(0, -1, "")],
            view=View([], [Limit(count=-1), Limit(count=3)]),
        )
        payload = encode(profile)
        SCHEMA.validate(payload)
        read = decode(through_json(payload))
        assert (read.meta.status, read.meta.wall) == ("other", 2)
        assert read.meta.where == Where(0, 0, "")
        assert (read.files[0].execution, read.sources[0].line) == (0, 0)
        assert [function.line for function in read.functions] == [0, 0]
        assert (read.threads[0].pid, read.threads[0].tid) == (0, 0)
        assert (list(read.paths["line"]), list(read.lines["line"])) == ([0, 0], [0, 7])
        assert read.view.limits == [Limit(count=3)]

    @pytest.mark.parametrize("name", ["", "Time", "a-b", "time\n", "é"], ids=ascii)
    def test_a_metric_id_that_is_not_of_the_format_is_refused(self, name: str) -> None:
        with pytest.raises(WireError, match="id"):
            encode(Profile(metrics=[Metric(name, "", "ns")]))

    @pytest.mark.parametrize(
        ("columns", "message"),
        [
            ({"parent": [0, 1], "thread": [0, 1]}, "thread of its parent"),
            ({"parent": [0, 2], "thread": [0, 0]}, "pre-order"),
            ({"parent": [0, -1], "thread": [0, 0]}, "out of range"),
            ({"parent": [0, 0.5], "thread": [0, 0]}, "out of range"),
        ],
        ids=str,
    )
    def test_a_tree_that_is_none_is_refused(self, columns: Any, message: str) -> None:
        profile = Profile(
            functions=[Function("f", "f")],
            threads=[Thread("one"), Thread("two")],
            paths=Table({"function": [0, 0], **columns}),
        )
        with pytest.raises(WireError, match=message):
            encode(profile)

    def test_a_wall_time_that_is_no_number_is_refused(self) -> None:
        with pytest.raises(WireError, match="wall"):
            encode(Profile(checks=[Check("wall", "", value=math.nan)]))

    def test_the_bundle_has_the_payload_html_and_text(self) -> None:
        bundle = mime_bundle(SAMPLES["functions"]())
        assert set(bundle) == {MIME, "text/html", "text/plain"}
        assert decode(through_json(bundle[MIME])) == SAMPLES["functions"]()

    def test_the_writer_names_itself_and_its_version(self) -> None:
        assert encode(Profile())["generator"].startswith("jupyterlab_profiler ")


class TestReader:
    def test_unknown_keys_columns_tables_kinds_and_codes_are_no_error(self) -> None:
        payload = encode(SAMPLES["functions"]())
        payload["future"] = {"a": [1]}
        payload["meta"]["future"] = 1
        payload["tables"]["frames"] = {"length": 3, "columns": "of a later day"}
        payload["tables"]["totals"]["columns"]["self.joules"] = {"enc": "f64", "data": ""}
        payload["tables"]["totals"]["columns"]["future.time"] = None
        payload["strings"][payload["strings"].index("builtin")] = "wasm"
        payload["meta"]["source"]["kind"] = "dream"
        SCHEMA.validate(payload)
        read = decode(payload)
        assert read.totals == SAMPLES["functions"]().totals
        assert {function.kind for function in read.functions if function.file is None} == {
            "other",
            "pseudo",
        }
        assert read.meta.source.kind == "other"

    def test_words_of_later_days_are_no_error(self) -> None:
        payload = encode(SAMPLES["paths"]())
        payload["meta"] |= {"status": "timeout", "source": None, "engine": None}
        payload["metrics"][0]["combine"] = "median"
        payload["view"]["limits"] = [{"prefix": "a"}, {"count": 2}]
        SCHEMA.validate(payload)
        read = decode(payload)
        assert (read.meta.status, read.meta.engine.name) == ("other", "")
        assert read.metrics[0].combine == "median"
        assert read.view.limits == [Limit(count=2)]
        assert str(read).startswith("Ended in another way: partial result")

    def test_only_six_keys_are_needed(self) -> None:
        payload = {
            "schema": "jupyterlab-profiler",
            "version": 1,
            "meta": {},
            "metrics": [],
            "strings": [],
            "tables": {},
        }
        SCHEMA.validate(payload)
        assert decode(payload).meta.status == "ok"

    def test_values_without_threads_are_those_of_one_thread(self) -> None:
        payload = encode(SAMPLES["functions"]())
        del payload["tables"]["threads"], payload["tables"]["totals"]["columns"]["thread"]
        del payload["tables"]["edges"]["columns"]["thread"]
        assert len(decode(payload).threads) == 1

    def test_a_newer_version_is_refused_with_what_to_do(self) -> None:
        with pytest.raises(WireError, match="newer jupyterlab-profiler"):
            decode({**encode(Profile()), "version": 2})

    @pytest.mark.parametrize("payload", [None, [], "text", 5, {}, {"schema": 1}], ids=repr)
    def test_what_is_no_payload_is_refused(self, payload: object) -> None:
        with pytest.raises(WireError):
            decode(payload)

    def test_a_gzip_bomb_is_refused_without_being_unpacked(self) -> None:
        bomb = base64.b64encode(gzip.compress(bytes(200_000_000), 9)).decode()
        payload = encode(SAMPLES["functions"]())
        payload["tables"]["totals"]["columns"]["self.time"] = {
            "enc": "uvarint",
            "data": bomb,
            "gz": True,
        }
        tracemalloc.start()
        try:
            with pytest.raises(WireError):
                decode(payload)
            assert tracemalloc.get_traced_memory()[1] < 5_000_000
        finally:
            tracemalloc.stop()

    def test_a_length_without_its_data_takes_no_memory(self) -> None:
        payload = encode(SAMPLES["functions"]())
        payload["tables"]["lines"] = {
            "length": 4_194_304,
            "columns": {name: {"enc": "uvarint", "data": "gIABAA=="} for name in ("file", "line")},
        }
        tracemalloc.start()
        try:
            with pytest.raises(WireError, match="lines"):
                decode(payload)
            assert tracemalloc.get_traced_memory()[1] < 5_000_000
        finally:
            tracemalloc.stop()

    def test_many_small_bombs_are_refused_by_the_number_of_their_numbers(self) -> None:
        rows = 4_194_304
        zeros = base64.b64encode(gzip.compress(bytes(rows))).decode()
        column = {"enc": "uvarint", "data": zeros, "gz": True}
        payload = encode(Profile())
        payload["metrics"] = [
            {"id": f"m{number}", "label": "", "unit": "1"} for number in range(20)
        ]
        payload["tables"]["lines"] = {
            "length": rows,
            "columns": {"file": column, "line": column}
            | {f"self.m{number}": column for number in range(20)},
        }
        with pytest.raises(WireError, match="33554432 numbers"):
            decode(payload)

    def test_more_strings_than_the_limit_are_refused(self) -> None:
        payload = encode(Profile())
        payload["strings"] = [""] * 1_048_577
        with pytest.raises(WireError, match="1048576 strings"):
            decode(payload)

    def test_paths_deeper_than_the_limit_are_refused(self) -> None:
        rows = 1_048_577
        payload = encode(
            Profile(functions=[Function("down", "down")], threads=[Thread("MainThread")])
        )
        payload["tables"]["paths"] = {
            "length": rows,
            "columns": {
                "parent": encode_column([0] + [1] * (rows - 1)),
                "function": encode_column([0] * rows),
            },
        }
        with pytest.raises(WireError, match="deeper"):
            decode(payload)

    @pytest.mark.parametrize(
        ("key", "value"),
        [("tick", 10**400), ("tick", math.inf), ("tick", True), ("label", 5), ("exact", 1)],
        ids=str,
    )
    def test_a_metric_with_odd_values_is_refused(self, key: str, value: object) -> None:
        payload = encode(Profile(metrics=[TIME]))
        payload["metrics"][0][key] = value
        with pytest.raises(WireError, match=rf"metrics\[0\]\.{key}"):
            decode(payload)


json_values = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**20), 10**20),
        st.floats(),
        st.text(max_size=5),
        st.sampled_from(["uvarint", "zigzag", "f64", "AAAA", "time", 4_194_304, 2**53, 10**400]),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON value."""
    keys = list(value) if isinstance(value, dict) else []
    keys = list(range(len(value))) if isinstance(value, list) else keys
    return [path] * bool(path) + [
        place for key in keys for place in places(value[key], (*path, key))
    ]


def put(payload: Any, path: tuple[Any, ...], value: Any) -> None:
    for key in path[:-1]:
        payload = payload[key]
    payload[path[-1]] = value


def at(payload: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        payload = payload[key]
    return payload


class TestHostilePayloads:
    """Whatever comes in, a profile or a WireError comes out."""

    SMALL = tuple(encode(SAMPLES[name]()) for name in ("functions", "paths", "lines", "negative"))

    @given(st.data())
    @settings(max_examples=300, deadline=None)
    def test_any_value_in_any_place(self, data: st.DataObject) -> None:
        payload = copy.deepcopy(data.draw(st.sampled_from(self.SMALL)))
        for _ in range(data.draw(st.integers(1, 3))):
            put(payload, data.draw(st.sampled_from(places(payload))), data.draw(json_values))
        read_or_refused(payload)

    @given(st.data())
    @settings(max_examples=300, deadline=None)
    def test_any_bytes_in_any_column(self, data: st.DataObject) -> None:
        payload = copy.deepcopy(data.draw(st.sampled_from(self.SMALL)))
        column = at(
            payload,
            data.draw(
                st.sampled_from([path[:-1] for path in places(payload) if path[-1] == "data"])
            ),
        )
        raw = bytearray(base64.b64decode(column["data"]))
        for _ in range(data.draw(st.integers(1, 4))):
            if raw:
                raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
        column["data"] = base64.b64encode(raw).decode()
        column["enc"] = data.draw(st.sampled_from(["uvarint", "zigzag", "f64"]))
        if data.draw(st.booleans()):
            column["gz"] = True
        read_or_refused(payload)

    @given(json_values)
    def test_any_json(self, payload: Any) -> None:
        with pytest.raises(WireError):
            decode(payload)

    def test_lists_nested_too_deeply_to_print(self) -> None:
        nested: Any = []
        for _ in range(100_000):
            nested = [nested]
        for path in places(self.SMALL[0]):
            payload = copy.deepcopy(self.SMALL[0])
            if random.Random(str(path)).random() < 0.1:
                put(payload, path, nested)
                read_or_refused(payload)


def read_or_refused(payload: Any) -> None:
    try:
        profile = decode(payload)
    except WireError as error:
        refusal = str(error)
    else:
        refusal = "none"
        # What was read can be shown and written again: it is a profile like any other.
        mime_bundle(replace(profile, view=replace(profile.view, limits=[])))
    assert 0 < len(refusal) < 400
