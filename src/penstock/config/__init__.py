"""Settings, addresses, the database server, the log: what knows every room."""
