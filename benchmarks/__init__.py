"""What this program costs, and what it keeps its word on: see README.md."""
