"""How dates and numbers are written, where Django's own habit of a language does not suit us."""
