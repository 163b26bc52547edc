"""Owners' parts: workbooks with the rows that one unit fills in, and their way back."""
