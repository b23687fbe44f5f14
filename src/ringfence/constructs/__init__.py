"""Building blocks of a platform: the secure setting is the default, what relaxes it is a named switch.

A construct writes into a file of a layer and keeps what it declared; it refuses what makes no sense on Azure.
"""
