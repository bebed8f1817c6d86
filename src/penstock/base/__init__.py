"""Plain Python that every room may use: errors, money, calendar, keys."""
