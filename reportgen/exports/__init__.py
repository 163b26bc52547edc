"""Exports for other programs: results as JSON."""
