"""The glossary names every model, in both languages, and the pages use its words."""

from __future__ import annotations

import re

from babel.messages.pofile import read_po
from django.apps import apps

from tests.docs import pages

GLOSSARY = pages.ROOT / "docs" / "glossary.md"
CATALOG = pages.ROOT / "src" / "penstock" / "locale" / "ru" / "LC_MESSAGES" / "django.po"


def test_every_row_says_the_term_in_both_languages() -> None:
    rows = pages.table(GLOSSARY)

    assert [row for row in rows if len(row) != 4 or not (row[0] and row[2] and row[3])] == []


def test_no_term_stands_there_twice() -> None:
    terms = [row[0].casefold() for row in pages.table(GLOSSARY)]

    assert sorted({term for term in terms if terms.count(term) > 1}) == []


def test_every_model_has_a_row_and_no_other() -> None:
    rooms = [config for config in apps.get_app_configs() if config.name.startswith("penstock.")]
    models = {f"{room.label}.{model.__name__}" for room in rooms for model in room.get_models()}
    labels = "|".join(room.label for room in rooms)
    in_code = re.compile(rf"`((?:{labels})\.[A-Z]\w+)`")

    named = {name for row in pages.table(GLOSSARY) for name in in_code.findall(row[1])}

    assert named == models


def test_translations_use_the_words_of_the_glossary() -> None:
    words = {row[2].casefold(): forms(row[3]) for row in pages.table(GLOSSARY)}

    said = [(text, its) for text, its in translations() if text.casefold() in words]

    assert said
    assert {text: its for text, its in said if its.casefold() not in words[text.casefold()]} == {}


def translations() -> list[tuple[str, str]]:
    """Texts without plural forms, with what a reader of Russian sees."""
    with CATALOG.open("rb") as file:
        pairs = [(one.id, one.string) for one in read_po(file) if not one.fuzzy]
    return [
        (text, its)
        for text, its in pairs
        if isinstance(text, str) and isinstance(its, str) and text and its
    ]


def forms(cell: str) -> set[str]:
    """The words that a cell allows; the first is the label."""
    return {form.strip().casefold() for form in cell.split(";")}
