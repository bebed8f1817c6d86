"""Reports against a generator that knows the truth."""
