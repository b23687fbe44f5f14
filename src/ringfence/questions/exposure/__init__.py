"""What somebody could read or use: reach joined with access, step by step."""
