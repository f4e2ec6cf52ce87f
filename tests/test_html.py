"""Static HTML: safe wherever it is shown, and readable without its styles."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from make_samples import SAMPLES
from stats_profiles import profile_of_file
from strategies import profiles

from jupyterlab_profiler.html import MOST_BYTES, duration, static_html
from jupyterlab_profiler.model import Function, Limit, Meta, Profile, View, Warned

#: Elements and attributes that every notebook front end lets through. Where a meter is not, the
#: number before it is left.
ELEMENTS = {
    "caption", "code", "div", "em", "meter", "p", "strong", "table", "tbody", "td", "th", "thead",
    "tr",
}  # fmt: skip
ATTRIBUTES = {"align", "max", "scope", "style", "value"}
STYLES = {"border-spacing", "text-align", "vertical-align", "white-space"}


class Page(HTMLParser):
    """Parses, and objects to what is not closed, not in place, or not allowed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""
        self.rows: list[list[str]] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ELEMENTS
        for name, value in attrs:
            assert name in ATTRIBUTES
            if name == "style":
                assert value is not None
                assert {part.split(":")[0] for part in value.split(";")} <= STYLES
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if {"td", "th"} & set(self.open):
            self.rows[-1][-1] += data.rstrip()

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


@given(profiles())
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_profile_makes_a_small_page_of_harmless_elements(profile: Profile) -> None:
    html = static_html(profile)
    Page(html)
    assert len(html.encode("utf-8")) < MOST_BYTES


def test_hostile_names_are_text() -> None:
    page = Page(static_html(SAMPLES["interrupted"]()))
    assert "<b>not bold</b> & \"quoted\" 'text'" in page.text
    assert "Spin.<img src=x onerror=alert(1)>" in page.text
    assert "</script><script>alert('warning')</script>" in page.text
    assert "Cell [<i>7</i>]" in page.text


def test_names_that_turn_the_text_around_are_escaped() -> None:
    assert r"\u202eesrever" in Page(static_html(SAMPLES["interrupted"]())).text


def test_the_page_is_small_however_long_the_names_and_warnings_are() -> None:
    profile = SAMPLES["large"]()
    functions = [Function("&<>" * 5_000 + function.name, "") for function in profile.functions]
    warnings = [Warned("w", "&" * 10_000)] * 50
    html = static_html(
        replace(profile, functions=functions, meta=Meta(label="&" * 10_000, warnings=warnings))
    )
    assert len(html.encode("utf-8")) < MOST_BYTES
    assert "44 more warnings" in html
    assert len(Page(html).rows) > 5


def test_a_reader_without_styles_finds_heads_and_numbers() -> None:
    profile = replace(profile_of_file("py3.13.prof"), view=View(["cumulative"]))
    html = static_html(profile)
    page = Page(html)
    assert page.rows[0] == ["ncalls", "tottime", "% own", "cumtime", "% total", "function"]
    # The line that pstats 3.13 printed of this file: 30758 calls, 0.061 s own, all of 0.305 s.
    (primes,) = [row for row in page.rows if row[-1].startswith("primes ")]
    assert primes[0] == "30,758"
    assert primes[1] == primes[3]
    assert primes[1].startswith("61.") or primes[1].startswith("60.")
    assert primes[2].startswith(("19.", "20."))
    assert f'{primes[2]} <meter max="100" value="{primes[2].removesuffix(" %")}">' in html
    assert primes[-1].endswith("sample_program.py:69")
    assert "514,156 function calls (453,186 primitive) in 305 ms" in page.text
    assert "Functions by cumulative time" in page.text
    assert "389 more functions" in page.text


def test_heads_say_what_they_are_heads_of() -> None:
    html = static_html(SAMPLES["functions"]())
    rows = len(Page(html).rows)
    assert html.count('scope="col"') == 6
    assert html.count('scope="row"') == rows - 1
    assert html.count("<caption") == 1


def test_how_the_run_ended_stands_above_the_table() -> None:
    html = static_html(SAMPLES["interrupted"]())
    assert html.index("Interrupted in Cell") < html.index("<table")


def test_the_order_and_limits_are_those_of_the_text() -> None:
    view = View(["name"], [Limit(regex="lambda")])
    page = Page(static_html(replace(SAMPLES["functions"](), view=view)))
    assert [row[-1] for row in page.rows[1:]] == ["<lambda> Cell [5]:13"] * 2
    assert "List reduced from 27 to 2 due to restriction <'lambda'>" in page.text


def test_nothing_measured_is_said_in_words() -> None:
    assert "No function was measured." in static_html(SAMPLES["empty"]())


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (3e-9, "3 ns"),
        (9.994e-7, "999 ns"),
        (0.00099951, "1.00 ms"),
        (0.009996, "10.0 ms"),
        (0.0556, "55.6 ms"),
        (-0.003, "-3.00 ms"),
        (754.2, "754 s"),
        (12345.6, "12,346 s"),
    ],
)
def test_times_have_three_digits_and_a_unit_that_fits(seconds: float, text: str) -> None:
    assert duration(seconds) == text
