"""The authorities: each gives rights in a way of its own, and all give them as grants."""
