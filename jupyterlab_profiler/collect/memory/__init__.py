"""Memory of a cell, by memray: from its recording to one call tree with bytes and counts."""

from __future__ import annotations
