"""MySQL's protocol: packets over a connection, the greeting and the sign-in, results, what a client's values are.

Source: dev.mysql.com/doc/dev/mysql-server/latest/PAGE_PROTOCOL.html
"""
