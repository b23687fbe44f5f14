"""Microsoft Entra ID: who there is, how they prove it, and the tokens that say so."""
