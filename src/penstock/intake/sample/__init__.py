"""A lived-in company to look at: fourteen months of deals and orders, made through the real verbs."""

from __future__ import annotations

from typing import NamedTuple

EMAIL = "demo@penstock.example"
PASSWORD = "water-over-wheel"  # noqa: S105 -- it opens invented data on the reader's own machine
#: What ``penstock demo`` prints: e-mail address and password of the owner.
SIGN_IN = (EMAIL, PASSWORD)


class SignIn(NamedTuple):
    """How to enter the sample company."""

    email: str
    password: str
    slug: str


def fill(*, language: str = "en", seed: int = 1886, email: str = EMAIL) -> SignIn:
    """Make the sample company; the same seed on the same day makes the same one.

    Args:
        language: ``en`` or ``ru``: the language of its names, and of the workspace.
        seed: Of the random choices.
        email: Address of the owner; colleagues get addresses beside it.
    """
    from penstock.intake.sample import company  # noqa: PLC0415 -- models are ready only when it is called

    slug = company.make(language=language, seed=seed, email=email, password=PASSWORD)
    return SignIn(email=email, password=PASSWORD, slug=slug)
