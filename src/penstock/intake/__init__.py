"""What comes in from outside: files, checked before they are applied, and taken back as a whole."""
