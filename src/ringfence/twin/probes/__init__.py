"""Trials: each claim is tried by a real client, with a positive control, and mutations that must turn it red."""
