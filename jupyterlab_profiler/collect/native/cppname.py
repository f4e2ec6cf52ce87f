"""The short name of a C++ function."""

from __future__ import annotations

import re

_OPERATOR = re.compile(
    r"operator(?:"
    r" (?:bool|[\w:]+\b(?<!new)(?<!delete)[*&]?)(?=\()"  # a conversion
    r"| (?:new|delete)(?:\[\])?"
    r"|\s*(?:\(\)|\[\]|<=>|<<=|>>=|->\*|->|<<|>>|<=|>=|[<>]|[-+*/%^&|=!~,]{1,3})"
    r"|\"\"\s?\w+)"
)
#: What stands behind a name: qualifiers, and what compilers add.
_BEHIND = re.compile(r"(?: \[[^\]]{0,200}\]| const| volatile| &{1,2})+\Z")
_OPEN, _CLOSE = "(<{[", ")>}]"
#: Longer names are cut: who writes them wants to stop somebody.
_MOST = 20_000


def short_name(qualified: str) -> str:
    """The function's own name: without namespaces, template arguments, parameters, return type.

    >>> short_name("double leaf::step<1>(double)"), short_name("a::B<c::D>::operator()(int) const")
    ('step', 'operator()')
    >>> short_name("f(int)::{lambda(g::h&)#3}::_FUN"), short_name("f()::{lambda(int)#1}")
    ('_FUN', '{lambda}')
    """
    text = _BEHIND.sub("", qualified[:_MOST])
    if not any(sign in text for sign in "(<:{"):
        return qualified
    start = at = depth = 0
    end: int | None = None  # where the name's own text ends
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
            start, end, is_name_seen = at + 2, None, False
            at += 2
            continue
        elif not depth and sign == " " and not is_name_seen:
            if end is not None and text[end] == "(":
                break  # behind the parameters: const, [clone]
            start, end = at + 1, None
        at += 1
    name = text[start:end].strip()
    if name.startswith("{"):
        return "{lambda}" if "lambda" in name else re.sub(r"[(<#].*", "", name) + "}"
    return name or qualified


def _begins(text: str, at: int) -> bool:
    return at == 0 or not (text[at - 1].isalnum() or text[at - 1] == "_")
