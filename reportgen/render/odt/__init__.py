"""Word files → ODT, by LibreOffice."""
