"""Parts of `benchmarks/collect.py`."""
