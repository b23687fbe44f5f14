"""HTTP/1.1, framed by h11 and bounded in size and time."""
