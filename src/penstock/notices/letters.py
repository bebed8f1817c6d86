"""A letter in words, the same in plain text and in HTML: paragraphs, one button, one line below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a letter says; written in the language that is active when it is made."""

    subject: str
    paragraphs: Sequence[str]
    sender: str
    button: str = ""
    url: str = ""
    closing: str = ""
    rows: Sequence[tuple[str, str]] = ()

    @property
    def one_line_subject(self) -> str:
        """The subject without line breaks, which would let a title write headers of its own."""
        return " ".join(self.subject.split())[:250]

    @property
    def text(self) -> str:
        """As plain text."""
        rows = "\n".join(f"* {name}\n  {url}" if url else f"* {name}" for name, url in self.rows)
        action = f"{self.button}: {self.url}" if self.url else ""
        parts = [*self.paragraphs, rows, action, self.closing, f"— {self.sender}"]
        return "\n\n".join(part for part in parts if part) + "\n"

    @property
    def html(self) -> str:
        """As HTML, with all texts as text."""
        return render_to_string("notices/letter.html", {"letter": self})


def paragraphs(text: str) -> list[str]:
    """What somebody typed, parted at its empty lines."""
    parts = text.replace("\r\n", "\n").split("\n\n")
    return [part.strip() for part in parts if part.strip()]


def address(name: str, *args: object) -> str:
    """The full address of a page, as a letter needs it."""
    return f"{settings.PUBLIC_URL}{reverse(name, args=args)}"
