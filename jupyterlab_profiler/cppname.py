"""Names of C++ functions without what makes them long: parameters, arguments of templates."""

from __future__ import annotations

import re
from functools import lru_cache

_OPERATOR = re.compile(
    r"operator(?:"
    r" (?:bool|[\w:]+\b(?<!new)(?<!delete)[*&]?)(?=\()"  # a conversion
    r"| (?:new|delete)(?:\[\])?"
    r"|\s*(?:\(\)|\[\]|<=>|<<=|>>=|->\*|->|<<|>>|<=|>=|[<>]|[-+*/%^&|=!~,]{1,3})"
    r"|\"\"\s?\w+)"
)
#: What stands behind a name: qualifiers, and what compilers add.
_BEHIND = re.compile(
    r"(?: \[[^\]]{0,200}\]| const| volatile| &{1,2}"
    r"|(?<=\w)\.(?:cold|isra|part|constprop|lto_priv)(?:\.\d{1,9})?)+\Z"
)
_OPEN, _CLOSE = "(<{[", ")>}]"
#: Longer names are cut: who writes them wants to stop somebody.
_MOST = 20_000


def short_name(qualified: str) -> str:
    """The function's own name: without namespaces, template arguments, parameters, return type.

    >>> short_name("double leaf::step<1>(double)"), short_name("a::B<c::D>::operator()(int) const")
    ('step', 'operator()')
    >>> short_name("f(int)::{lambda(g::h&)#3}::_FUN"), short_name("f()::{lambda(int)#1}")
    ('{lambda}::_FUN', '{lambda}')
    """
    parts = _parts(qualified)
    if len(parts) > 1 and parts[-2].startswith("{lambda"):
        return "::".join(parts[-2:])
    return parts[-1] or qualified


@lru_cache(4096)
def plain_name(qualified: str) -> str:
    """The qualified name without parameters, arguments of templates and the type returned.

    >>> plain_name("void nb::call<int (*)(long)>::run<int>(int, char) [clone .cold]")
    'nb::call::run'
    >>> plain_name("heap::grow(int)::{lambda(long)#1}::operator()(long) const")
    'heap::grow::{lambda}::operator()'
    >>> plain_name("operator new(unsigned long)")
    'operator new'
    """
    return "::".join(_parts(qualified)) or qualified


def _parts(qualified: str) -> list[str]:
    """The names that a qualified name is made of, the function's own last."""
    text = _BEHIND.sub("", qualified[:_MOST])
    if not any(sign in text for sign in "(<:{["):
        return [text if len(qualified) <= _MOST else qualified]
    parts: list[str] = []
    start = at = depth = 0
    end: int | None = None  # where the text of the last name ends
    is_name_seen = False
    while at < len(text):
        if not depth and (found := _OPERATOR.match(text, at)) and _begins(text, at):
            at = found.end()
            end, is_name_seen = at, True
            continue
        sign = text[at]
        if sign in _OPEN:
            if not depth and end is None and at > start:
                end = at
            depth += 1
        elif sign in _CLOSE and not (sign == ">" and text[at - 1] == "-"):
            depth = max(depth - 1, 0)
        elif not depth and text.startswith("::", at):
            parts.append(_part(text[start:end] if end is not None else text[start:at]))
            start, end, is_name_seen = at + 2, None, False
            at += 2
            continue
        elif not depth and sign == " " and not is_name_seen:
            if text.startswith(" const::", at):
                at += len(" const")
                continue
            if end is not None and text[end] == "(":
                break  # behind the parameters: const, [clone]
            # What stood before is the type that is returned.
            start, end = at + 1, None
            parts.clear()
        at += 1
    return [*parts, _part(text[start:end])]


def _part(text: str) -> str:
    name = text.strip()
    if name == "(anonymous namespace)":
        return "{anonymous}"
    if name.startswith("{"):
        return "{lambda}" if "lambda" in name else re.sub(r"[(<#}].*", "", name) + "}"
    return name


def _begins(text: str, at: int) -> bool:
    return at == 0 or not (text[at - 1].isalnum() or text[at - 1] == "_")
