"""The documents of a platform: one module for each page, all made from its blueprint, estate and assessment."""
