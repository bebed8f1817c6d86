"""Letters to colleagues about leads: one came in, one is not answered."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from penstock.notices import outbox
from penstock.notices.letters import Letter, address, paragraphs
from penstock.sales.answers import LeadUnanswered
from penstock.sales.captures import Arrived
from penstock.sales.models import Rung
from penstock.users.models import Member


def tell_owner(event: Arrived) -> None:
    """A lead came in, and is the owner's."""
    deal = event.deal
    owner = (
        Member.objects.select_related("account", "workspace").filter(pk=deal.item.owner_id).first()
    )
    with override(outbox.language_of(owner) or deal.workspace.language):
        values = {
            "title": deal.item.title,
            "key": deal.item.key,
            "form": event.submission.form.name,
        }
        letter = Letter(
            subject=_("New lead: %(title)s") % values,
            paragraphs=[
                _("A lead came in by “%(form)s” and is yours: %(key)s, %(title)s.") % values,
                *paragraphs(event.submission.answers.get("message", "")),
            ],
            button=_("Open the lead"),
            url=address("deal", deal.workspace.slug, deal.item.key),
            sender=deal.workspace.name,
        )
        outbox.post(
            deal.workspace,
            letter,
            kind="lead",
            to=outbox.to_member(owner),
            about=deal.item,
            source_key=f"lead:{deal.pk}",
        )


def tell_of_silence(event: LeadUnanswered) -> None:
    """A lead is not answered in time; whoever is told is told why."""
    deal, clock, row = event.deal, event.clock, event.escalation
    with override(outbox.language_of(row.to)):
        arrived = localtime(clock.arrived_at, deal.workspace.zone)
        values = {
            "title": deal.item.title,
            "key": deal.item.key,
            "at": date_format(arrived, "DATETIME_FORMAT"),
            "owner": deal.item.owner.name if deal.item.owner else _("nobody"),
        }
        why = {
            Rung.OWNER: _("It is yours, and its time for an answer is over."),
            Rung.TEAM_LEAD: _(
                "Its owner is %(owner)s, of your team; its time for an answer is over."
            ),
            Rung.MANAGER: _("Its owner is %(owner)s. The time for an answer is long over."),
        }
        letter = Letter(
            subject=_("Not answered yet: %(title)s") % values,
            paragraphs=[
                _("The lead %(key)s, “%(title)s”, came in on %(at)s.") % values,
                why[Rung(row.rung)] % values,
            ],
            button=_("Open the lead"),
            url=address("deal", deal.workspace.slug, deal.item.key),
            closing=_("A call, a meeting or an e-mail that is written down stops the clock."),
            sender=deal.workspace.name,
        )
        outbox.post(
            deal.workspace,
            letter,
            kind="lead_unanswered",
            to=outbox.to_member(row.to),
            about=deal.item,
            source_key=f"unanswered:{row.pk}",
        )
