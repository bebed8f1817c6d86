"""How a door gets mail templates: who sells may use them, who steers may shape them."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import NotFound
from penstock.flow import access
from penstock.sales import mail_templates
from penstock.sales.models import MailTemplate
from penstock.users.models import Member


def templates_for(member: Member) -> QuerySet[MailTemplate]:
    """The templates in use of a member's workspace."""
    return mail_templates.of(member.workspace)


def template_for(member: Member, template_id: int) -> MailTemplate:
    """A template to be shaped, in use or retired.

    Raises:
        NotFound: ``sales.no_mail_template``.
        NotAllowed: ``flow.not_yours_to_shape`` for who does not steer.
    """
    access.check_shape(member, to="shape")
    row = MailTemplate.objects.filter(workspace_id=member.workspace_id, pk=template_id).first()
    if row is None:
        raise NotFound("sales.no_mail_template", _("There is no such template. Reload the page."))
    return row
