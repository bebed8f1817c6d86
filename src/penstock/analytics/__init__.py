"""Pure functions over numbers: no Django, no clock, no database."""
