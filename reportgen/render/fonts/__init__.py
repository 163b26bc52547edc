"""Fonts: finding them, subsetting them, and which glyphs they have."""
