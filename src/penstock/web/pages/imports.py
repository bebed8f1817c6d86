"""What an import did or would do, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from penstock.intake import wording
from penstock.intake.models import ChangeRow, ChangeSet, State, Verdict
from penstock.web import figures
from penstock.web.pages.base import Page

TONES = {
    State.DRAFT: "",
    State.CHECKING: "info",
    State.CHECKED: "accent",
    State.APPLYING: "info",
    State.APPLIED: "ok",
    State.FAILED: "late",
    State.REVERTING: "info",
    State.REVERTED: "",
}


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows have a verdict, and the way to them."""

    verdict: str
    n: str
    url: str
    is_current: bool


def title(change_set: ChangeSet) -> str:
    """The file and what it holds."""
    return f"{change_set.filename} · {change_set.get_noun_display()}"


def list_page(n: int) -> Page:
    """The head of the list of imports."""
    answer = ngettext(
        "%(n)s file was brought in or is on its way.",
        "%(n)s files were brought in or are on their way.",
        n,
    ) % {"n": figures.number(n)}
    return Page(title=_("Import"), nav="imports", answer=answer if n else "")


def answer(change_set: ChangeSet) -> str:
    """What became of it, in one sentence."""
    sentences = {
        State.DRAFT: _("Say which column is which, then look at what would happen."),
        State.CHECKING: _("It is being checked; nothing is changed by that."),
        State.CHECKED: _would(change_set),
        State.APPLYING: _("It is being applied: all of it or nothing."),
        State.APPLIED: _did(change_set),
        State.FAILED: _("It stopped, and nothing of it was applied."),
        State.REVERTING: _("It is being taken back."),
        State.REVERTED: _("It was taken back; the same file can be imported again."),
    }
    return sentences[State(change_set.state)]


def _would(change_set: ChangeSet) -> str:
    return ngettext(
        "Applying it changes %(changes)s of %(n)s row; nothing is changed yet.",
        "Applying it changes %(changes)s of %(n)s rows; nothing is changed yet.",
        change_set.n_rows or 0,
    ) % _numbers(change_set)


def _did(change_set: ChangeSet) -> str:
    return ngettext(
        "It changed %(changes)s of %(n)s row.",
        "It changed %(changes)s of %(n)s rows.",
        change_set.n_rows or 0,
    ) % _numbers(change_set)


def _numbers(change_set: ChangeSet) -> dict[str, str]:
    return {
        "changes": figures.number(change_set.n_changes),
        "n": figures.number(change_set.n_rows or 0),
    }


def counts(change_set: ChangeSet, *, url: str, current: str) -> list[Count]:
    """Rows per verdict, those that do something first."""
    return [
        Count(
            verdict=verdict,
            n=figures.number(int(change_set.counts.get(verdict, 0))),
            url=f"{url}?verdict={verdict}",
            is_current=verdict == current,
        )
        for verdict in Verdict.values
    ]


def why(row: ChangeRow) -> str:
    """Why a row has its verdict, and what is doubtful about it."""
    reason = wording.reason(row) if row.reason else ""
    notes = [str(wording.sentence(code)) for code in row.notes]
    return " ".join(part for part in (str(reason), *notes) if part)


def progress(change_set: ChangeSet, *, url: str) -> dict[str, Any]:
    """How far the work is, as ``components/progress.html`` shows it."""
    words = {
        State.CHECKING: _("Checking the rows"),
        State.APPLYING: _("Applying the rows"),
        State.REVERTING: _("Taking it back"),
    }
    return {
        "id": "import-progress",
        "text": words.get(State(change_set.state), ""),
        "done": change_set.n_done,
        "total": change_set.n_rows or 0,
        "url": url,
        "is_finished": not change_set.is_running,
    }


def what_revert_does(change_set: ChangeSet) -> str:
    """What taking it back does, before somebody does it."""
    n = change_set.n_changes
    return ngettext(
        "Taking it back withdraws what the import opened and undoes what it added, for %(n)s row. "
        "What people did since then stays. History keeps both.",
        "Taking it back withdraws what the import opened and undoes what it added, for %(n)s rows. "
        "What people did since then stays. History keeps both.",
        n,
    ) % {"n": figures.number(n)}
