"""The command line: one door among others, and the one that starts the house."""
