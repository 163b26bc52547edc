"""How often this process looks for rubbish while it holds the values of many workbooks."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

from reportgen.bounded import RUBBISH

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def seldom_looked_for() -> Iterator[None]:
    """Look less often: among a million values that stay, it took as long as to read them."""
    before = gc.get_threshold()
    gc.set_threshold(*RUBBISH)
    try:
        yield
    finally:
        gc.set_threshold(*before)


__all__ = ["seldom_looked_for"]
