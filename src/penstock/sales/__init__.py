"""The sales pipeline: leads that become customers."""
