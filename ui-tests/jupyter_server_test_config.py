"""The server that the browser tests run against: no token, no user settings.

Galata keeps its files in the folder that ``JUPYTERLAB_GALATA_ROOT_DIR`` names.
"""

from jupyterlab.galata import configure_jupyter_server

# Jupyter puts `c` into the namespace of its configuration files.
configure_jupyter_server(c)  # type: ignore[name-defined]  # noqa: F821
