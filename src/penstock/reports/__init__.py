"""Figures: one query per question, a frozen dataclass per answer."""
