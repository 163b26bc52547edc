"""Comparison of texts: differences, and names that are the same name."""
