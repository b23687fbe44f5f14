"""A MySQL server whose files are sealed by a key in a vault."""
