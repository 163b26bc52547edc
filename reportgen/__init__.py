"""Strategy maps and balanced scorecards: one workbook in, PDF and Word out."""

__version__ = "0.1.0"
