"""The scorecard as values: the contents of a workbook, before anything is computed."""
