"""The vault of a region: what lies in it, how that is made, and who gets it."""
