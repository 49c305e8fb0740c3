"""Benchmarks: one name for each figure we claim. `python -m bench` runs them all, `python -m bench feed burst` some."""
