"""The published payloads: they are what the writer writes, and the reader reads what they hold."""

from __future__ import annotations

import json
from typing import Any

import make_samples
import pytest
from jsonschema import Draft202012Validator
from make_samples import FOLDER, SAMPLES

from jupyterlab_profiler.wire import WireError, decode
from jupyterlab_profiler.wire.columns import decode_column

SCHEMA = json.loads((FOLDER.parent / "profile.v1.schema.json").read_text("utf-8"))
MADE = make_samples.files()


def stored(name: str) -> Any:
    return json.loads((FOLDER / name).read_text("ascii"))


def without_gzip(payload: dict[str, Any]) -> dict[str, Any]:
    """Compressed columns as their numbers: what gzip makes of them differs from zlib to zlib."""
    for table in payload["tables"].values():
        for name, column in table["columns"].items():
            if column.get("gz"):
                table["columns"][name] = list(decode_column(column, table["length"], name))
    return payload


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_every_file_in_the_folder_is_made_by_the_script() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(MADE)


@pytest.mark.parametrize("name", sorted(MADE))
def test_the_script_makes_the_same_file_again(name: str) -> None:
    text = (FOLDER / name).read_text("ascii")
    if '"gz": true' in text and name != "refused.json":
        assert without_gzip(json.loads(text)) == without_gzip(json.loads(MADE[name]))
    else:
        assert text == MADE[name]


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_sample_satisfies_the_schema(name: str) -> None:
    Draft202012Validator(SCHEMA).validate(stored(f"{name}.json"))


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_sample_decodes_to_the_profile_it_was_made_of(name: str) -> None:
    assert decode(stored(f"{name}.json")) == SAMPLES[name]()


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_sample_holds_the_numbers_that_both_readers_expect(name: str) -> None:
    assert (
        json.loads(json.dumps(make_samples.expected(decode(stored(f"{name}.json")))))
        == (stored("expected.json")[name])
    )


def test_a_sample_above_64_kb_a_column_is_compressed_there_and_nowhere_else() -> None:
    columns = stored("gz.json")["tables"]["lines"]["columns"]
    assert {name: column.get("gz", False) for name, column in columns.items()} == {
        "file": False,
        "line": False,
        "self.hits": False,
        "self.time": True,
    }


@pytest.mark.parametrize("case", stored("refused.json"), ids=lambda case: str(case["why"]))
def test_a_broken_payload_is_refused_in_one_sentence(case: dict[str, Any]) -> None:
    with pytest.raises(WireError) as refusal:
        decode(case["payload"])
    sentence = str(refusal.value)
    assert 10 < len(sentence) < 200
    assert "\n" not in sentence


def test_samples_are_small_enough_to_live_in_the_repository() -> None:
    assert {path.name for path in FOLDER.iterdir() if path.stat().st_size > 300_000} == set()
