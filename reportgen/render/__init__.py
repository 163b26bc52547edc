"""Rendering: a view and a template become HTML, and one layout of it the PDF and Word files."""
