"""Real programs: the line recorder's hits are line_profiler's, wherever that is right."""

from __future__ import annotations

import argparse
import difflib
import html.parser
import json.decoder
import json.scanner
import pprint
import statistics
import string
import sys
import textwrap
import tokenize
from collections.abc import Callable
from io import StringIO
from types import ModuleType
from typing import Any

import docutils.core
import docutils.parsers.rst.states
import docutils.statemachine
import pygments
import pygments.formatters
import pygments.lexer
import pygments.lexers
import pytest
from lined import make, needs_monitoring

TEXT = "Some *words* of a text that is wrapped, compared and highlighted. " * 12


def wrap() -> None:
    textwrap.fill(TEXT, 30)
    textwrap.shorten(TEXT, 50)


def compare() -> None:
    words = TEXT.split()
    difflib.SequenceMatcher(None, words, words[5:] + words[:3]).get_opcodes()


def arguments() -> None:
    parser = argparse.ArgumentParser(prog="p")
    parser.add_argument("--depth", type=int, default=3)
    parser.add_argument("files", nargs="*")
    parser.parse_args(["--depth", "4", "a", "b"])
    parser.format_help()


def parse_json() -> None:
    decoder = json.decoder.JSONDecoder()
    scan: Any = json.scanner
    decoder.scan_once = scan.py_make_scanner(decoder)
    decoder.decode('{"a": [1, 2.5, null, {"b": "c"}], "d": true}')


def parse_html() -> None:
    parser = html.parser.HTMLParser()
    parser.feed("<p class='a'>x &amp; <b>y</b><!-- z --></p><br/>" * 3)
    parser.close()


def tokens() -> None:
    list(tokenize.generate_tokens(StringIO("def f(a):\n    return [a for a in (1, 2)]\n").readline))


def numbers() -> None:
    statistics.stdev([1.5, 2.5, 4.0, 9.75])
    statistics.quantiles(range(20), n=4)
    string.Template("$a and ${b}").substitute(a=1, b=2)
    pprint.pformat({"a": list(range(40)), "b": ("x",) * 3}, width=20)


def highlight() -> None:
    lexer = pygments.lexers.get_lexer_by_name("python")
    pygments.highlight("def f(a):\n    return a + 1\n", lexer, pygments.formatters.HtmlFormatter())


def publish() -> None:
    docutils.core.publish_string(
        f"Title\n=====\n\n{TEXT}\n\n- one\n- two\n", writer="html", settings_overrides={}
    )


PROGRAMS: list[tuple[Callable[[], None], list[ModuleType]]] = [
    (wrap, [textwrap]),
    (compare, [difflib]),
    (arguments, [argparse]),
    (parse_json, [json.decoder, json.scanner]),
    (parse_html, [html.parser]),
    (tokens, [tokenize]),
    (numbers, [statistics, string, pprint]),
    (highlight, [pygments, pygments.lexer]),
    (publish, [docutils.statemachine, docutils.parsers.rst.states]),
]


def hits(engine: str, program: Callable[[], None], modules: list[ModuleType]) -> dict[Any, int]:
    """Hits by function, its first line, and line."""
    collector = make(engine)
    for module in modules:
        collector.add(module)
    collector.start()
    try:
        collector.call(program)
    finally:
        recording = collector.stop()
    found: dict[Any, int] = {}
    for row in recording.rows:
        code = row.code
        # line_profiler 5 loses what stands on the line of its def or lambda on Python 3.13.
        if sys.version_info >= (3, 13) and row.line == code.co_firstlineno:
            continue
        key = code.co_filename, code.co_qualname, code.co_firstlineno, row.line
        found[key] = found.get(key, 0) + row.hits
    return found


@needs_monitoring
@pytest.mark.parametrize(
    ("program", "modules"), PROGRAMS, ids=[program.__name__ for program, _ in PROGRAMS]
)
def test_hits_are_those_of_line_profiler(
    program: Callable[[], None], modules: list[ModuleType]
) -> None:
    program()  # caches are filled, so that both see the same run
    ours = hits("recorder", program, modules)
    theirs = hits("line_profiler", program, modules)
    # line_profiler does not see closures that were made before; ours are counted all the same.
    unseen = {key[:3] for key in ours if "<locals>" in key[1]} - {key[:3] for key in theirs}
    assert sum(count for key, count in ours.items() if key[:3] not in unseen) > 50
    differing = {
        key: (ours.get(key, 0), theirs.get(key, 0))
        for key in ours.keys() | theirs.keys()
        if key[:3] not in unseen and ours.get(key, 0) != theirs.get(key, 0)
    }
    assert differing == {}
