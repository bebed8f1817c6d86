"""What a file can hold: one module per noun, each with its fields and what its rows do."""
