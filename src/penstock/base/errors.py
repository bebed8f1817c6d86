"""The five errors that a verb may raise; each door translates them once."""

from __future__ import annotations

from collections.abc import Sequence


class PenstockError(Exception):
    """Something that a user can understand and act on.

    Args:
        code: Stable, machine-readable name (``deals.already_won``).
        message: A translated (or lazily translated) sentence that says what to do.
        needs: Names of the answers that are missing, for a form that asks only for those.
    """

    def __init__(self, code: str, message: object, *, needs: Sequence[str] = ()) -> None:
        super().__init__(code)
        self.code = code
        self._message = message
        self.needs = tuple(needs)

    @property
    def message(self) -> str:
        """The sentence for the user, in the language of the moment."""
        return str(self._message)

    def __str__(self) -> str:
        return self.message


class NotFound(PenstockError):  # noqa: N818 -- says what is the matter, without a suffix
    """There is no such thing, or it is not this user's to see."""


class NotAllowed(PenstockError):  # noqa: N818 -- says what is the matter, without a suffix
    """The thing may be seen, but this act is not for this role."""


class RuleBroken(PenstockError):  # noqa: N818 -- says what is the matter, without a suffix
    """A rule of the business says no; the message says what would make it possible."""


class Conflict(PenstockError):  # noqa: N818 -- says what is the matter, without a suffix
    """Somebody else was faster, or the same thing was said before with another content."""


class Unavailable(PenstockError):  # noqa: N818 -- says what is the matter, without a suffix
    """A part that is needed does not answer; trying again may help."""
