"""E2xx: formulas."""

from __future__ import annotations

from reportgen.problems.entry import Entry, Severity

E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTICE

ENTRIES: dict[str, Entry] = {}
