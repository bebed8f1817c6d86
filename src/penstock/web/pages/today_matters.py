"""The matters of Today in words: why each is there, the one button that does it, its sign, how it is counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from penstock.flow.models import Kind
from penstock.reports.today_sources import Found
from penstock.sales.models import Activity
from penstock.users.models import Workspace
from penstock.web import figures
from penstock.web.pages import deal_ages, due
from penstock.web.pages.tiles import day_text

Reason = Callable[[Found, date, Workspace], tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """The one thing to do: what it says, and the dialog or page that it opens."""

    label: str
    url: str
    is_dialog: bool = True


#: What is said of each kind of matter above the list; a new source adds its sentence.
COUNTED: Mapping[str, Callable[[int], str]] = {
    "unhappy": lambda n: ngettext(
        "%(n)s unhappy customer to call", "%(n)s unhappy customers to call", n
    ),
    "lead": lambda n: ngettext(
        "%(n)s lead waits for an answer", "%(n)s leads wait for an answer", n
    ),
    "commented": lambda n: ngettext(
        "%(n)s customer asked about a proposal", "%(n)s customers asked about proposals", n
    ),
    "viewed": lambda n: ngettext(
        "%(n)s customer looked at a proposal", "%(n)s customers looked at proposals", n
    ),
    "expiring": lambda n: ngettext("%(n)s proposal runs out", "%(n)s proposals run out", n),
    "step": lambda n: ngettext("%(n)s step is due", "%(n)s steps are due", n),
    "renewal": lambda n: ngettext("%(n)s renewal is to begin", "%(n)s renewals are to begin", n),
    "upsell": lambda n: ngettext("%(n)s upsell is to begin", "%(n)s upsells are to begin", n),
    "win_back": lambda n: ngettext(
        "%(n)s customer is to be won back", "%(n)s customers are to be won back", n
    ),
    "late_in_stage": lambda n: ngettext(
        "%(n)s deal is late in its stage", "%(n)s deals are late in their stage", n
    ),
    "no_step": lambda n: ngettext(
        "%(n)s deal has no next step", "%(n)s deals have no next step", n
    ),
}


def _due(one: Found, today: date, workspace: Workspace) -> tuple[str, str]:
    assert one.due_on is not None, "a step has a day"
    when = due.told(one.due_on, today=today, at=one.due_at, zone=workspace.zone)
    kind = str(Activity.ActivityKind(one.activity_kind).label)
    what = _("%(kind)s: %(subject)s") % {"kind": kind, "subject": one.about} if one.about else kind
    return _("%(what)s. %(when)s.") % {"what": what, "when": when.text}, when.tone


def _unhappy(one: Found, today: date, workspace: Workspace) -> tuple[str, str]:
    assert one.due_on is not None, "a call has a day"
    when = due.told(one.due_on, today=today, at=one.due_at, zone=workspace.zone)
    values = {"what": one.about or _("The customer is not satisfied"), "when": when.text}
    return _("%(what)s. %(when)s.") % values, "late"


def _no_step(one: Found, _today: date, _workspace: Workspace) -> tuple[str, str]:
    days = int(one.late_days)
    if not days:
        return _("No next step is planned; it came into its stage today."), "warn"
    text = ngettext(
        "No next step is planned; it has been in its stage for %(n)s day.",
        "No next step is planned; it has been in its stage for %(n)s days.",
        days,
    )
    return text % {"n": figures.number(days)}, "warn"


def _late(one: Found, today: date, workspace: Workspace) -> tuple[str, str]:
    text, _tone = _no_step(one, today, workspace)
    return (f"{deal_ages.told(one.left)} {text}" if one.left else text), "late"


def _unanswered(one: Found, today: date, workspace: Workspace) -> tuple[str, str]:
    when = date_format(localtime(one.due_at, workspace.zone), "DATETIME_FORMAT")
    if one.late_days > 0:
        return _("A lead waits for an answer; its time was over on %(at)s.") % {"at": when}, "late"
    return _("A lead waits for an answer until %(at)s.") % {"at": when}, "warn"


def _commented(one: Found, _today: date, workspace: Workspace) -> tuple[str, str]:
    values = {"key": one.about, "at": _moment(one, workspace)}
    return _(
        "The customer asked about proposal %(key)s on %(at)s; nobody has answered."
    ) % values, "late"


def _viewed(one: Found, _today: date, workspace: Workspace) -> tuple[str, str]:
    text = ngettext(
        "The customer looked at proposal %(key)s %(n)s time, on %(at)s; nobody has spoken with them since.",
        "The customer looked at proposal %(key)s %(n)s times, last on %(at)s; nobody has spoken with them since.",
        one.n,
    )
    values = {"key": one.about, "at": _moment(one, workspace), "n": figures.number(one.n)}
    return text % values, "warn"


def _expiring(one: Found, today: date, _workspace: Workspace) -> tuple[str, str]:
    assert one.due_on is not None, "a proposal is valid until a day"
    values = {"key": one.about, "day": day_text(one.due_on)}
    if one.due_on < today:
        return _("Proposal %(key)s was valid until %(day)s and is not answered.") % values, "late"
    return _("Proposal %(key)s is valid until %(day)s and is not answered.") % values, "warn"


def _moment(one: Found, workspace: Workspace) -> str:
    return date_format(localtime(one.due_at, workspace.zone), "DATETIME_FORMAT")


def _renewal(one: Found, _today: date, _workspace: Workspace) -> tuple[str, str]:
    return _begun(_("Renewal of “%(title)s”, opened for %(day)s; nobody has begun."), one)


def _upsell(one: Found, _today: date, _workspace: Workspace) -> tuple[str, str]:
    return _begun(_("An offer after “%(title)s”, opened for %(day)s; nobody has begun."), one)


def _win_back(one: Found, _today: date, _workspace: Workspace) -> tuple[str, str]:
    return _begun(
        _("“%(title)s” was lost; since %(day)s it is time to win the customer back."), one
    )


def _begun(text: str, one: Found) -> tuple[str, str]:
    assert one.due_on is not None, "a follow-up has a day"
    return text % {"title": one.about, "day": day_text(one.due_on)}, "warn"


def _call(one: Found, slug: str) -> Button:
    url = reverse("activity-log", args=[slug, one.key, "call"])
    return Button(label=pgettext("write down a call", "Call"), url=url)


def _done(one: Found, slug: str) -> Button:
    url = reverse("activity-done", args=[slug, one.activity_id])
    return Button(label=pgettext("activity", "Done"), url=url)


def _plan(one: Found, slug: str) -> Button:
    url = reverse("activity-new", args=[slug, one.key])
    return Button(label=str(PLAN), url=f"{url}?step")


def _step(one: Found, slug: str) -> Button:
    """A planned e-mail is written here; all else was done elsewhere, and is said to be done."""
    if one.activity_kind == Activity.ActivityKind.EMAIL and one.item_kind == Kind.DEAL:
        url = reverse("activity-mail", args=[slug, one.activity_id])
        return Button(label=pgettext("a letter", "Write"), url=url)
    return _done(one, slug)


def _answer(one: Found, slug: str) -> Button:
    url = reverse("proposal", args=[slug, one.about])
    return Button(label=_("Answer the customer"), url=f"{url}#comment", is_dialog=False)


def _prolong(one: Found, slug: str) -> Button:
    """Before it runs out it is mailed once more; afterwards only a new version helps."""
    if one.late_days <= 0:
        url = reverse("proposal-mail", args=[slug, one.about])
        return Button(label=_("Mail it again"), url=url)
    url = reverse("proposal", args=[slug, one.about])
    return Button(label=_("Open the proposal"), url=url, is_dialog=False)


PLAN = gettext_lazy("Plan a step")
#: Why each kind of matter is here, in words, with its tone; what its button does; its sign.
REASONS: Mapping[str, Reason] = {
    "lead": _unanswered,
    "step": _due,
    "commented": _commented,
    "viewed": _viewed,
    "expiring": _expiring,
    "renewal": _renewal,
    "upsell": _upsell,
    "win_back": _win_back,
    "unhappy": _unhappy,
    "no_step": _no_step,
    "late_in_stage": _late,
}
BUTTONS: Mapping[str, Callable[[Found, str], Button]] = {
    "lead": _call,
    "step": _step,
    "commented": _answer,
    "viewed": _call,
    "expiring": _prolong,
    "renewal": _plan,
    "upsell": _plan,
    "win_back": _plan,
    "unhappy": _done,
    "no_step": _plan,
    "late_in_stage": _plan,
}
ICONS: Mapping[str, str] = {
    "lead": "leads",
    "commented": "file",
    "viewed": "file",
    "expiring": "file",
    "renewal": "undo",
    "upsell": "plus",
    "win_back": "undo",
    "no_step": "question",
    "late_in_stage": "clock",
}
