"""Sheets and columns, declared once for reading and writing."""
