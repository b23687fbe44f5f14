"""The process of a hand: real clients with unchanged code at one stand, told what to do in lines of JSON."""
