"""What `benchmarks/collect.py` is made of."""
