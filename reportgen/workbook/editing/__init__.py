"""Editing of a user's workbook in place: cells are set, all else stays as it is."""
