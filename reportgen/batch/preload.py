"""Imported by the forkserver: what batch workers need is loaded once, and shared by all of them."""

from contextlib import suppress

from reportgen.batch.worker import preload

with suppress(OSError):  # without Pango the documents report it
    preload()
