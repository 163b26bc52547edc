"""Views: the strings that templates print, one module for each document."""
