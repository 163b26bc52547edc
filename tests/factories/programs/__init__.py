"""Workbooks that other programs wrote from the samples' content; see README.md."""
