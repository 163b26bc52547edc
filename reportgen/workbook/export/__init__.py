"""Results and roll-ups as spreadsheets."""
