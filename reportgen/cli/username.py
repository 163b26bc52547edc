"""Who uses this machine."""

from __future__ import annotations

import getpass


def current_username() -> str:
    """Return the user's name; ``unknown`` on a machine that has none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"
