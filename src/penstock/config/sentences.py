"""Sentences that may be needed before Django is set up, when nothing can be translated yet."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.utils.translation import gettext


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that is put together and translated when it is shown."""

    text: str
    values: dict[str, object]

    def __str__(self) -> str:
        text = gettext(self.text) if apps.ready else self.text
        return text % self.values if self.values else text


def say(text: str, **values: object) -> Sentence:
    """A sentence with named places (``%(path)s``); mark its text with ``gettext_noop``."""
    return Sentence(text, values)
