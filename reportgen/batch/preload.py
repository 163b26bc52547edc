"""Imported by the forkserver, so that batch workers share what is loaded here."""

from contextlib import suppress

from reportgen.batch.worker import preload

with suppress(OSError):  # a missing Pango is reported by the documents
    preload()
