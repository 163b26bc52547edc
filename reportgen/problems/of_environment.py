"""E5xx: fonts, libraries and programs of the machine."""

from __future__ import annotations

from reportgen.problems.entry import Entry, Severity

E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTICE

ENTRIES: dict[str, Entry] = {}
