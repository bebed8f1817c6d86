"""The shared idea: items flow through stages, and every change is a row."""
