"""Laid-out pages → PDF, its tags, hit regions and pictures."""
