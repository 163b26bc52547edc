"""Verification of the output: every text is there, and visible."""
