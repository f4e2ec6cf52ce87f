"""Adds a kernel in which perf can name Python functions, when somebody asks for it."""

from __future__ import annotations

import json
import os
import sys
import tempfile

from IPython.core.error import UsageError

NAME = "python3-perf"


def install(prefix: str | None = None) -> str:
    """Put the kernel "Python 3 (perf)" beside the others of this Python, and say where it is.

    Raises ``UsageError`` where that cannot be: before Python 3.12, or without jupyter_client.
    """
    from .collect.native.perf import support

    options = support()
    if not options:
        raise UsageError("perf can name Python functions from Python 3.12 on; nothing was added")
    try:
        from jupyter_client.kernelspec import KernelSpecManager
    except ImportError:
        raise UsageError("jupyter_client is not installed here; nothing was added") from None
    spec = {
        "argv": [sys.executable, *options, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "Python 3 (perf)",
        "language": "python",
        "metadata": {"debugger": True},
    }
    with tempfile.TemporaryDirectory(prefix="jupyterlab-profiler-") as folder:
        with open(os.path.join(folder, "kernel.json"), "w", encoding="utf-8") as file:
            json.dump(spec, file, indent=1)
        try:
            where: str = KernelSpecManager().install_kernel_spec(
                folder, NAME, prefix=prefix or sys.prefix
            )
        except OSError as error:
            raise UsageError(f"{error.filename}: {error.strerror}; nothing was added") from None
    return (
        f"The kernel Python 3 (perf) is in {where}. Choose it in the notebook's menu, then write "
        f"%%native --engine perf. `jupyter kernelspec remove {NAME}` takes it away."
    )
