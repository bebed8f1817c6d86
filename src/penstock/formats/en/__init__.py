"""International English."""
