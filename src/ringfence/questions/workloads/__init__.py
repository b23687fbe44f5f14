"""What runs code: sites, machines, pods; what an intruder in one would have, and how requests reach it."""
