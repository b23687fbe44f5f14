"""Attacks on passes: what `make mutate` does. See docs/mutation.md."""
