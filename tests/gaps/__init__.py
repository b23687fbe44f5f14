"""What the two reference systems claim and do not do, each shown on a case of our own, and closed on our platforms."""
