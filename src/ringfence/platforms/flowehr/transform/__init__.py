"""Layer transform: records are ingested, transformed and kept."""
