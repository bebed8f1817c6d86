"""Which of them are one?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page as Part
from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from penstock.analytics import duplicates
from penstock.analytics.duplicates import Reason
from penstock.contacts import matching
from penstock.contacts.matching import Pair
from penstock.contacts.models import Alike
from penstock.contacts.models.merge import Noun
from penstock.sales import access as sales
from penstock.sales import merging as deals
from penstock.users import roles
from penstock.users.models import Member
from penstock.web import figures
from penstock.web.forms.merging import MergeForm
from penstock.web.pages import duplicates_apart
from penstock.web.pages import merging_nouns as nouns
from penstock.web.pages.base import Crumb, Definition, Page

N_ROWS = 25
REASONS = {
    "same_name": gettext_lazy("same name"),
    "same_domain": gettext_lazy("same web domain"),
    "same_email": gettext_lazy("same e-mail address"),
    "same_mailbox": gettext_lazy("same mailbox, but for what stands behind the plus"),
    "same_phone": gettext_lazy("same phone number"),
    "same_company": gettext_lazy("same company"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A pair, ready to be shown."""

    low: str
    high: str
    low_url: str
    high_url: str
    reasons: str
    score: str
    url: str
    apart_url: str


@dataclass(frozen=True, kw_only=True)
class DuplicatesPage(Page):
    """The pairs of one noun, some per page."""

    tabs: Sequence[dict[str, Any]]
    lines: Sequence[Line]
    page_obj: Part[Any]
    base_query: str
    may_merge: bool
    apart: Sequence[duplicates_apart.Line]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two: its name and its page."""

    name: str
    url: str
    note: str


@dataclass(frozen=True, kw_only=True)
class ComparePage(Page):
    """Two records side by side."""

    form: MergeForm
    sides: tuple[Side, Side]
    apart_url: str


def index(member: Member, *, noun: Noun, number: str) -> DuplicatesPage:
    """The pairs that are possibly one, the most probable first."""
    pairs = _pairs(member, noun)
    paginator = Paginator(pairs, N_ROWS)
    part = paginator.get_page(number)
    return DuplicatesPage(
        title=_("Possible duplicates"),
        nav="companies",
        answer=_answer(paginator.count),
        crumbs=(
            Crumb(name=_("Companies"), url=reverse("companies", args=[member.workspace.slug])),
        ),
        definition=Definition(text=_defined(noun)),
        tabs=_tabs(member, noun),
        lines=_lines(member, noun, list(part)),
        page_obj=part,
        base_query=f"of={noun}",
        may_merge=noun == Noun.DEAL or roles.may_merge(member),
        apart=duplicates_apart.lines(member, noun),
    )


def compare(noun: Noun, one: Any, other: Any, *, form: MergeForm, member: Member) -> ComparePage:
    """Two records side by side, and what becomes of each field."""
    slug = member.workspace.slug
    low, high = sorted((one.pk, other.pk))
    return ComparePage(
        title=_("Are they the same?"),
        nav="companies",
        answer=_(
            "One of them stays and takes all that hangs on the other: deals, orders, people, history. "
            "Nothing is deleted, and it can be undone."
        ),
        crumbs=(Crumb(name=_("Possible duplicates"), url=list_url(noun, slug=slug)),),
        form=form,
        sides=(_side(noun, one, slug=slug), _side(noun, other, slug=slug)),
        apart_url=reverse("duplicate-apart", args=[slug, str(noun), low, high]),
    )


def list_url(noun: Noun, *, slug: str) -> str:
    """The page of the pairs of a noun."""
    return f"{reverse('duplicates', args=[slug])}?of={noun}"


def because(reasons: Sequence[Reason]) -> str:
    """Why two records may be one, in words."""
    return ", ".join(_reason(reason) for reason in reasons)


def _reason(reason: Reason) -> str:
    if reason.code == "like_name":
        return _("like name (%(share)s)") % {"share": figures.share(reason.likeness or 0)}
    if reason.code == "like_title":
        return _("like title (%(share)s)") % {"share": figures.share(reason.likeness or 0)}
    return str(REASONS.get(reason.code, reason.code))


def _defined(noun: Noun) -> str:
    if noun == Noun.DEAL:
        text = _(
            "Pairs of open deals of one company with like titles. The likeness ranks them; it is no probability. "
            "At most %(n)s pairs are shown. What somebody said is not the same is left out."
        )
        return text % {"n": figures.number(matching.N_PAIRS)}
    text = _(
        "Pairs whose likeness in name, web domain, e-mail address or phone reaches %(bound)s. The likeness ranks "
        "them; it is no probability. They follow every change; once a day all are compared anew. What somebody "
        "said is not the same is left out."
    )
    return text % {"bound": figures.share(duplicates.THRESHOLD)}


def _pairs(member: Member, noun: Noun) -> Any:
    """Pairs that can be counted and cut into pages."""
    if noun == Noun.DEAL:
        return deals.pairs(sales.deals_for(member), limit=matching.N_PAIRS)
    kept = Alike.objects.filter(workspace_id=member.workspace_id, noun=noun).open()
    return kept.order_by("-score", "low_id", "high_id")


def _lines(member: Member, noun: Noun, pairs: Sequence[Pair | Alike]) -> list[Line]:
    found = nouns.many(member, noun, {pk for pair in pairs for pk in (pair.low_id, pair.high_id)})
    return [
        _line(noun, pair, found, slug=member.workspace.slug)
        for pair in pairs
        if pair.low_id in found and pair.high_id in found
    ]


def _line(noun: Noun, pair: Pair | Alike, found: dict[int, Any], *, slug: str) -> Line:
    low, high = found[pair.low_id], found[pair.high_id]
    named = [slug, str(noun), pair.low_id, pair.high_id]
    return Line(
        low=nouns.name(noun, low),
        high=nouns.name(noun, high),
        low_url=nouns.url(noun, low, slug=slug),
        high_url=nouns.url(noun, high, slug=slug),
        reasons=because(pair.match.reasons),
        score=figures.share(pair.match.score),
        url=reverse("duplicate", args=named),
        apart_url=reverse("duplicate-apart", args=named),
    )


def _side(noun: Noun, record: Any, *, slug: str) -> Side:
    if noun == Noun.DEAL:
        note = record.item.stage.label
    else:
        deals_of = record.deals.count()
        text = ngettext("%(n)s deal", "%(n)s deals", deals_of)
        note = text % {"n": figures.number(deals_of)}
    return Side(
        name=nouns.name(noun, record), url=nouns.url(noun, record, slug=slug), note=str(note)
    )


def _tabs(member: Member, current: Noun) -> list[dict[str, Any]]:
    slug = member.workspace.slug
    return [
        {
            "name": str(noun.label),
            "url": list_url(noun, slug=slug),
            "is_current": noun == current,
        }
        for noun in Noun
    ]


def _answer(n: int) -> str:
    if not n:
        return _("Nothing looks like it stands here twice.")
    text = ngettext("%(n)s pair is possibly one.", "%(n)s pairs are possibly one.", n)
    return text % {"n": figures.number(n)}
