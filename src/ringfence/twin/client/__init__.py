"""What a person runs: a shell, a command, a forwarded port, at a place of the platform."""
