"""Writing files so that there is never half of one."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def write_whole(path: str | os.PathLike[str], data: bytes) -> None:
    """Write ``data`` to ``path``, or leave what is there as it is and raise ``OSError``.

    The data goes to a new file in the same directory first, which then takes the name. A link is
    followed, and an existing file keeps its permissions.
    """
    target = Path(path).resolve()
    if target.is_dir():
        raise IsADirectoryError(21, os.strerror(21), str(path))
    if target.exists() and not target.is_file():
        # A device or a pipe cannot be replaced: /dev/stdout is to be written to.
        target.write_bytes(data)
        return
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(13, os.strerror(13), str(path))
    mode = target.stat().st_mode & 0o7777 if target.exists() else 0o666 & ~_umask()
    try:
        file = tempfile.NamedTemporaryFile(  # noqa: SIM115
            prefix=f".{target.name[:80]}.", dir=target.parent, delete=False
        )
    except OSError as error:
        # The name of the temporary file would tell the user nothing.
        raise OSError(error.errno, error.strerror, str(path)) from None
    try:
        with file:
            file.write(data)
        Path(file.name).chmod(mode)
        Path(file.name).replace(target)
    except BaseException:
        with suppress(OSError):
            Path(file.name).unlink()
        raise


def _umask() -> int:
    """The process's umask, which can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
