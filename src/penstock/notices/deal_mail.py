"""The letter that somebody who sells writes to a customer about a deal."""

from __future__ import annotations

from penstock.notices import outbox
from penstock.notices.letters import Letter, address, paragraphs
from penstock.sales.deal_mail import LINK, DealMailed


def mail(event: DealMailed) -> None:
    """Post it, with the link to the proposal where it has one; answers go to whoever wrote."""
    workspace = event.deal.workspace
    text = event.text
    if event.token:
        text = text.replace(LINK, address("open-proposal", workspace.slug, event.token))
    outbox.post(
        workspace,
        Letter(
            subject=event.subject,
            paragraphs=paragraphs(text),
            sender=f"{event.by.name}, {workspace.name}",
        ),
        kind="deal",
        to=outbox.To(
            address=event.person.email,
            person=event.person,
            reply_to=outbox.to_member(event.by).address,
        ),
        about=event.deal.item,
        source_key=f"deal-mail:{event.activity.pk}:{event.activity.done_at:%Y%m%d%H%M%S%f}",
    )
