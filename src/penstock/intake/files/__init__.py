"""Reading files: from bytes to rows, from text to values, from headers to a mapping."""
