"""The scorecard as values: what a workbook says, before anything is computed."""
