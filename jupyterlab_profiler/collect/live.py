"""What records now, so that the child of a fork can stop it."""

from __future__ import annotations

import os
from typing import Protocol


class _Abandons(Protocol):
    def abandon(self) -> None: ...


_live: list[_Abandons] = []
_is_registered = False


def add(collector: _Abandons) -> None:
    """Stop this collector in the children of forks, until it is removed."""
    global _is_registered
    if not _is_registered and hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_abandon_all)
        _is_registered = True
    _live.append(collector)


def remove(collector: _Abandons) -> None:
    """Forget a collector that has stopped."""
    if collector in _live:
        _live.remove(collector)


def _abandon_all() -> None:
    """A child has no profile to show: what it records would be lost, and costs time."""
    for collector in tuple(_live):
        collector.abandon()
