"""Imported by the process that workers are forked from: what they need is loaded once."""

from contextlib import suppress

from reportgen.collect.work import warm_up

with suppress(OSError):
    warm_up()
