"""Sort keys and limits as users type them."""

from __future__ import annotations

import pstats

import pytest

from jupyterlab_profiler.model import Limit
from jupyterlab_profiler.restrictions import SORT_KEYS, parse_limit, resolve_sort_keys

PSTATS: dict[str, tuple[object, str]] = pstats.Stats.sort_arg_dict_default


def test_the_keys_are_those_of_pstats() -> None:
    assert {key: meaning for key, (_, meaning) in PSTATS.items()} == SORT_KEYS


def test_every_prefix_that_pstats_takes_means_what_it_means_there() -> None:
    prefixes = pstats.Stats().get_sort_arg_defs()
    assert len(prefixes) > 50
    for prefix, (_, meaning) in prefixes.items():
        (key,) = resolve_sort_keys([prefix])
        assert (SORT_KEYS[key], key in PSTATS) == (meaning, True)


@pytest.mark.parametrize(
    ("prefix", "key"), [("cum", "cumulative"), ("t", "time"), ("to", "tottime"), ("f", "filename")]
)
def test_a_prefix_of_keys_that_mean_one_thing_will_do(prefix: str, key: str) -> None:
    assert resolve_sort_keys([prefix]) == [key]


def test_several_keys_keep_their_order() -> None:
    assert resolve_sort_keys(["cumtime", "nam", "l"]) == ["cumtime", "name", "line"]


@pytest.mark.parametrize(
    ("prefix", "candidates"),
    [("n", "ncalls, name, nfl"), ("c", "calls, cumtime, cumulative")],
)
def test_an_ambiguous_prefix_is_refused_with_what_it_may_mean(prefix: str, candidates: str) -> None:
    with pytest.raises(ValueError, match=rf"'{prefix}' is ambiguous: {candidates}$"):
        resolve_sort_keys([prefix])


@pytest.mark.parametrize("key", ["tottimes", "", "Time", "-1"])
def test_an_unknown_key_is_refused_with_all_that_are_known(key: str) -> None:
    with pytest.raises(ValueError, match=r"expected one of calls, ncalls, .*, tottime$"):
        resolve_sort_keys(["time", key])


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("10", Limit(count=10)),
        (" 0 ", Limit(count=0)),
        ("0.5", Limit(fraction=0.5)),
        ("1.0", Limit(fraction=1.0)),
        ("1e-1", Limit(fraction=0.1)),
        ("json", Limit(regex="json")),
        ("__init__|10", Limit(regex="__init__|10")),
        ("0x10", Limit(regex="0x10")),
    ],
)
def test_a_limit_is_an_int_else_a_float_else_a_pattern(text: str, limit: Limit) -> None:
    assert parse_limit(text) == limit


@pytest.mark.parametrize("text", ["-1", "-0.5", "1.5", "nan", "inf", "[", "(?P<x", "a{2,1}"])
def test_a_limit_that_limits_nothing_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(ValueError, match=r"^limit ") as refusal:
        parse_limit(text)
    assert "\n" not in str(refusal.value)
