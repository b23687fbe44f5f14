"""An engine for where MariaDB is not installed: MySQL's SQL read by sqlglot, kept by SQLCipher.

It has what applications need at least, and says so of what it has not: no stored procedures, triggers or events; a
statement reads what others have committed (READ COMMITTED); one writes to a database at a time; DECIMAL is kept with
fifteen digits.
"""
