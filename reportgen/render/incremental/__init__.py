"""Incremental rendering: only what has changed is laid out again."""
