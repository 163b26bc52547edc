"""What other programs read: results as JSON."""
