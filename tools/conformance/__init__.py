"""Microsoft's own test suites of the three Key Vault clients, run against the twin. Nothing of theirs is kept."""
