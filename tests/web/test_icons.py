"""Icons and pieces that are written once: the same for everybody, and each in its language."""

from __future__ import annotations

from django.template import Context, Template
from django.utils import translation

from penstock.web.templatetags import icons


def written(text: str, **values: object) -> str:
    return Template(text).render(Context(values))


def test_icon_is_hidden_from_readers_and_escaped() -> None:
    assert written("{% icon name %}", name='plus"<b>').count("<") == 4
    assert 'aria-hidden="true"' in written('{% icon "plus" %}')
    assert 'class="icon large"' in written('{% icon "plus" large=True %}')


def test_kept_piece_is_written_once_for_each_key() -> None:
    text = '{% keep "count" key %}{{ asked }}{% endkeep %}'

    first = written(text, key="a", asked="one")

    assert written(text, key="a", asked="two") == first == "one"
    assert written(text, key="b", asked="three") == "three"


def test_kept_piece_speaks_the_language_of_the_reader() -> None:
    text = '{% load i18n %}{% keep "words" %}{% translate "Settings" %}{% endkeep %}'
    said = []

    for language in ("en", "ru", "en"):
        with translation.override(language):
            said.append(written(text))

    assert said[0] == said[2] != said[1]


def test_what_is_kept_has_a_bound() -> None:
    for number in range(icons.MOST_KEPT + 10):
        written('{% keep "many" number %}x{% endkeep %}', number=number)

    assert len(icons._kept) <= icons.MOST_KEPT
