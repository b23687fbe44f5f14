"""Authorities and certificates for worlds without real citizens: nobody outside such a world trusts them."""
