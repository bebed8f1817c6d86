"""Settings, addresses, the database server and the log: what knows everyone and is known by no one."""
