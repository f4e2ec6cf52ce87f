"""A profile as one page of HTML that needs neither JupyterLab nor a network."""

from __future__ import annotations

import json
import os
import sys
import sysconfig
from typing import TYPE_CHECKING

from .formats.files import write_whole

if TYPE_CHECKING:
    from .model import Profile

#: Where in the page the profile goes.
MARKER = "<!--profile-->"
#: The id of the element that holds it.
DATA_ID = "jp-Profiler-data"

#: The page, and the one that can draw charts, which is five times as large.
_PLAIN, _WITH_CHARTS = "report.html", "report-charts.html"


def write_html(profile: Profile, path: str | os.PathLike[str], charts: bool = False) -> None:
    """Write the profile into a copy of the page, nothing folded.

    ``charts`` takes the page that can draw them, and has it begin with them. Raises ``ValueError``
    where the page is not installed, ``OSError`` when the file cannot be written.
    """
    write_whole(path, html_of(profile, charts))


def html_of(profile: Profile, charts: bool = False) -> bytes:
    """What :func:`write_html` writes."""
    return page(profile, template(charts), charts).encode("utf-8")


def page(profile: Profile, template: str, charts: bool = False) -> str:
    """The page with the profile in it. Raises ``ValueError`` for what is no such page."""
    from .wire import encode

    before, *after = template.split(MARKER)
    if len(after) != 1:
        raise ValueError(f"the page for profiles has {len(after)} places for one, not 1")
    data = json.dumps(encode(profile, limit=None), allow_nan=False)
    # Nothing in a script element is markup, but what would end it.
    data = data.replace("<", "\\u003c")
    view = ' data-view="charts"' if charts else ""
    return f'{before}<script type="application/json" id="{DATA_ID}"{view}>{data}</script>{after[0]}'


def template(charts: bool = False) -> str:
    """The page without a profile. Raises ``ValueError`` where it is not installed."""
    for folder in _folders():
        try:
            name = _WITH_CHARTS if charts else _PLAIN
            with open(os.path.join(folder, "static", name), encoding="utf-8") as file:
                return file.read()
        except (FileNotFoundError, NotADirectoryError):
            continue
    raise ValueError(
        "the page for profiles is not installed: install the package from a wheel, or build the "
        "front end (npm run build)"
    )


def _folders() -> list[str]:
    """Where the front end is: beside the package in a checkout, else among Jupyter's data."""
    own = os.path.join(os.path.dirname(os.path.abspath(__file__)), "labextension")
    installed = ("share", "jupyter", "labextensions", "jupyterlab-profiler")
    roots = [sysconfig.get_path("data"), sys.prefix, os.path.expanduser("~/.local")]
    return [own, *(os.path.join(root, *installed) for root in dict.fromkeys(roots))]
