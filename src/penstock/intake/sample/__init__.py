"""A lived-in company to try things on, made through the same verbs as everybody's."""

from penstock.intake.sample.company import SIGN_IN, fill, fill_into

__all__ = ["SIGN_IN", "fill", "fill_into"]
