"""Benchmarks of speed, memory and archive safety: see README.md."""
