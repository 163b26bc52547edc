"""Workbook file → scorecard and problems."""
