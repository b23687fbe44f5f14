"""Where a client stands, what names mean there, and whether a connection gets through."""
