"""The name of the current user."""

from __future__ import annotations

import getpass


def current_username() -> str:
    """Return the user's name, or ``unknown`` if the machine has none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"
