"""Forms by which leads come in: their list, one with its snippet, its keys, its consent texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from penstock.flow import dating
from penstock.sales import access_leads
from penstock.sales.models import CaptureForm, CaptureKey, ConsentText, Submission
from penstock.users.models import Member
from penstock.web import figures
from penstock.web.forms.open_capture import LABELS
from penstock.web.pages.base import Crumb, Page

WINDOW = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One form of the list; counts are of the last thirty days."""

    form: CaptureForm
    n_leads: int
    n_held: int
    last_at: datetime | None


def lines(member: Member) -> list[Line]:
    """The forms with what came in by them."""
    since = dating.now() - WINDOW
    rows = Submission.objects.filter(workspace_id=member.workspace_id, received_at__gte=since)
    counted = rows.values_list("form", "verdict").annotate(Count("pk"), Max("received_at"))
    found = {(form, verdict): (n, last) for form, verdict, n, last in counted.order_by()}
    return [
        Line(
            form=form,
            n_leads=found.get((form.pk, "taken"), (0, None))[0],
            n_held=found.get((form.pk, "held"), (0, None))[0],
            last_at=found.get((form.pk, "taken"), (0, None))[1],
        )
        for form in access_leads.forms_for(member)
    ]


def answer(found: Sequence[Line]) -> str:
    """How many leads came in, in a sentence."""
    if not found:
        return ""
    n = sum(line.n_leads for line in found)
    text = ngettext(
        "%(n)s lead came in by forms in the last 30 days.",
        "%(n)s leads came in by forms in the last 30 days.",
        n,
    )
    return text % {"n": figures.number(n)}


def head(form: CaptureForm | None, *, slug: str) -> Page:
    """The page of one form, or of a new one."""
    return Page(
        title=form.name if form else _("New form"),
        nav="settings",
        crumbs=(Crumb(name=_("Forms"), url=reverse("capture-forms", args=[slug])),),
    )


def key_page(form: CaptureForm, *, slug: str) -> Page:
    """The page that shows the secret of a new key."""
    return Page(
        title=_("New key"),
        nav="settings",
        answer=_("Copy the secret now: it is not shown again."),
        crumbs=(
            Crumb(name=_("Forms"), url=reverse("capture-forms", args=[slug])),
            Crumb(name=form.name, url=reverse("capture-form", args=[slug, form.pk])),
        ),
    )


def keys(form: CaptureForm) -> list[CaptureKey]:
    """The keys in use, the newest first."""
    return list(form.keys.filter(revoked_at=None).select_related("by").order_by("-made_at"))


def versions(form: CaptureForm) -> list[ConsentText]:
    """What visitors agreed to, the newest first."""
    return list(form.consent_texts.select_related("by").order_by("-number"))


def snippet(script: str) -> str:
    """What another site puts where the form shall stand."""
    return f'<script src="{escape(script)}"></script>'


def plain_form(form: CaptureForm, *, url: str) -> str:
    """A form without any script, to be styled by the other site."""
    rows = []
    for one in form.fields:
        code, required = one["code"], " required" if one["required"] else ""
        label = escape(str(LABELS[code]))
        field = (
            f'<textarea name="{code}" rows="5"{required}></textarea>'
            if code == "message"
            else f'<input name="{code}"{required}>'
        )
        rows.append(f"  <label>{label} {field}</label>")
    button = escape(_("Send"))
    lines = "\n".join(rows)
    return f'<form method="post" action="{escape(url)}">\n{lines}\n  <button>{button}</button>\n</form>'
