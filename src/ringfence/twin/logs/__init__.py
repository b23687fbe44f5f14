"""What each service writes down, in the tables of Log Analytics, and how it is asked for."""
