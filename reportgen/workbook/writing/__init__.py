"""Scorecard → workbook file."""
