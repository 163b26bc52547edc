"""Intermediate representation → WordprocessingML and its package."""
