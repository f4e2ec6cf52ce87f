"""A profile as a pandas table."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..rows import function_rows

if TYPE_CHECKING:
    import pandas as pd

    from ..model import Profile


def to_frame(profile: Profile) -> pd.DataFrame:
    """One row a function, in the order of the profile, threads put together.

    Columns: ``ncalls``, ``primitive`` (calls), ``tottime``, ``cumtime`` (seconds), ``name``
    (qualified where that is known), ``file`` (path, "" for builtins), ``line``, ``kind``. What is
    not known is NaN.
    Raises ``ImportError`` where pandas is not installed.
    """
    try:
        import pandas as pd
    except ImportError as error:
        raise ImportError("to_frame() needs pandas, which is not installed here") from error
    rows = function_rows(profile)
    functions = [row.function for row in rows]
    numbers = {
        name: [math.nan if name in row.unknown else getattr(row, name) for row in rows]
        for name in ("ncalls", "primitive", "tottime", "cumtime")
    }
    return pd.DataFrame(
        {
            **numbers,
            "name": [function.qualified or function.name for function in functions],
            "file": [
                "" if function.file is None else profile.files[function.file].path
                for function in functions
            ],
            "line": [function.line for function in functions],
            "kind": [function.kind for function in functions],
        }
    )
