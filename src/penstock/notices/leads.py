"""What colleagues hear of leads, by bell and by letter: one came in, was given to them, is not answered."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from penstock.flow.models import Item
from penstock.notices import bell, outbox
from penstock.notices.letters import Letter, address, paragraphs
from penstock.notices.models import Notice
from penstock.sales import answers
from penstock.sales.answers import LeadUnanswered
from penstock.sales.captures import Arrived
from penstock.sales.deals import DealGiven
from penstock.sales.leads import TakenUp
from penstock.sales.models import AnswerClock, Rung
from penstock.users.models import Member


def tell_of_arrival(event: Arrived) -> None:
    """A lead came in by itself: its owner hears of it, or whoever gives leads to others."""
    item, submission = event.deal.item, event.submission
    for member in _whom(item):
        with override(outbox.language_of(member)):
            values = _named(item) | {"form": submission.form.name}
            text = (
                _("A lead came in by “%(form)s” and is yours: %(key)s, %(title)s.")
                if member.pk == item.owner_id
                else _("A lead came in by “%(form)s” and is nobody's yet: %(key)s, %(title)s.")
            )
            said = paragraphs(submission.answers.get("message", ""))
            _tell_of_new(member, item, told=[text % values, *said], source_key=f"lead:{item.pk}")


def tell_of_taking_up(event: TakenUp) -> None:
    """A colleague took a lead up for somebody else, or for nobody."""
    item, by = event.deal.item, event.by
    for member in _whom(item):
        if by is not None and member.pk == by.pk:
            continue
        with override(outbox.language_of(member)):
            values = _named(item) | {"name": by.name if by else _("Somebody")}
            text = (
                _("%(name)s took up a lead for you: %(key)s, %(title)s.")
                if member.pk == item.owner_id
                else _("%(name)s took up a lead that is nobody's yet: %(key)s, %(title)s.")
            )
            _tell_of_new(member, item, told=[text % values], source_key=f"lead:{item.pk}")


def tell_of_gift(event: DealGiven) -> None:
    """A lead that waits for an answer was given to a member by somebody else."""
    item, by = event.item, event.by
    is_known = by is not None and by.pk == event.owner.pk
    if is_known or not AnswerClock.objects.running().filter(deal_id=item.pk).exists():
        return
    with override(outbox.language_of(event.owner)):
        values = _named(item) | {"name": by.name if by else _("Somebody")}
        text = _("%(name)s gave you a lead that waits for an answer: %(key)s, %(title)s.")
        key = f"lead-given:{event.change_id}"
        _tell_of_new(event.owner, item, told=[text % values], source_key=key)


def tell_of_silence(event: LeadUnanswered) -> None:
    """A lead is not answered in time; whoever is told is told why."""
    row = event.escalation
    key = f"unanswered:{row.pk}"
    bell.ring(row.to, kind=Notice.Kind.UNANSWERED, item=event.deal.item, source_key=key)
    with override(outbox.language_of(row.to)):
        outbox.post(
            event.deal.workspace,
            _letter_of_silence(event),
            kind="lead_unanswered",
            to=outbox.to_member(row.to),
            about=event.deal.item,
            source_key=key,
        )


def _whom(item: Item) -> Sequence[Member]:
    """The owner of a lead; of nobody's lead, or of one whose owner left, who gives leads to others."""
    rows = Member.objects.select_related("account", "workspace")
    owner = rows.filter(pk=item.owner_id or 0, is_active=True).first()
    return [owner] if owner else answers.who_assigns(item.workspace_id)


def _tell_of_new(member: Member, item: Item, *, told: Sequence[str], source_key: str) -> None:
    key = f"{source_key}:{member.pk}"
    bell.ring(member, kind=Notice.Kind.LEAD, item=item, source_key=key)
    workspace = item.workspace
    letter = Letter(
        subject=_("New lead: %(title)s") % _named(item),
        paragraphs=told,
        button=_("Open the lead"),
        url=address("deal", workspace.slug, item.key),
        closing=""
        if member.pk == item.owner_id
        else _("Give it to somebody: %(url)s")
        % {"url": address("leads", workspace.slug) + "?whose=nobody"},
        sender=workspace.name,
    )
    outbox.post(
        workspace, letter, kind="lead", to=outbox.to_member(member), about=item, source_key=key
    )


def _letter_of_silence(event: LeadUnanswered) -> Letter:
    item, workspace = event.deal.item, event.deal.workspace
    arrived = localtime(event.clock.arrived_at, workspace.zone)
    values = _named(item) | {"at": date_format(arrived, "DATETIME_FORMAT")}
    return Letter(
        subject=_("Not answered yet: %(title)s") % values,
        paragraphs=[
            _("The lead %(key)s, “%(title)s”, came in on %(at)s.") % values,
            _why(item.owner, Rung(event.escalation.rung)),
        ],
        button=_("Open the lead"),
        url=address("deal", workspace.slug, item.key),
        closing=_("A call, a meeting or an e-mail that is written down stops the clock."),
        sender=workspace.name,
    )


def _why(owner: Member | None, rung: Rung) -> str:
    if owner is None:
        return _("It is nobody's, and its time for an answer is over. Give it to somebody.")
    why = {
        Rung.OWNER: _("It is yours, and its time for an answer is over."),
        Rung.TEAM_LEAD: _("Its owner is %(owner)s, of your team; its time for an answer is over."),
        Rung.MANAGER: _("Its owner is %(owner)s. The time for an answer is long over.")
        if owner.is_active
        else _("Its owner, %(owner)s, has left. The time for an answer is over."),
    }
    return why[rung] % {"owner": owner.name}


def _named(item: Item) -> dict[str, str]:
    return {"key": item.key, "title": item.title}
