"""The only way by which a door gets a campaign, a rule of channels, or what else leads come by."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import NotAllowed, NotFound
from penstock.sales.models import Campaign, CaptureForm, CaptureKey, ChannelRule, Submission
from penstock.users import roles
from penstock.users.models import Member


def check_shape(member: Member) -> None:
    """Refuse whoever does not steer the workspace to shape where its leads come from.

    Raises:
        NotAllowed: ``sales.not_steering``.
    """
    if not roles.may_steer(member):
        raise NotAllowed(
            "sales.not_steering",
            _("Only an owner or a manager may change campaigns, channels and forms."),
        )


def campaigns_for(member: Member) -> QuerySet[Campaign]:
    """The campaigns of the workspace, retired ones too, the last started first."""
    rows = Campaign.objects.filter(workspace_id=member.workspace_id)
    return rows.order_by("-starts_on", "-pk")


def campaign_for(member: Member, campaign_id: int, *, to: str = "see") -> Campaign:
    """A campaign, to see or to ``edit``.

    Raises:
        NotFound: ``sales.no_campaign``. NotAllowed: ``sales.not_steering``.
    """
    found = campaigns_for(member).select_related("workspace").filter(pk=campaign_id).first()
    if found is None:
        raise NotFound("sales.no_campaign", _("There is no such campaign here."))
    if to != "see":
        check_shape(member)
    return found


def channel_rule_for(member: Member, rule_id: int) -> ChannelRule:
    """A rule of channels, for somebody who may change them.

    Raises:
        NotFound: ``sales.no_channel_rule``. NotAllowed: ``sales.not_steering``.
    """
    found = ChannelRule.objects.filter(workspace_id=member.workspace_id, pk=rule_id).first()
    if found is None:
        raise NotFound("sales.no_channel_rule", _("There is no such rule here."))
    check_shape(member)
    return found


def forms_for(member: Member) -> QuerySet[CaptureForm]:
    """The forms by which leads come in, without retired ones."""
    rows = CaptureForm.objects.filter(workspace_id=member.workspace_id, retired_at=None)
    return rows.select_related("pipeline", "member", "team", "campaign").order_by("name", "pk")


def form_for(member: Member, form_id: int) -> CaptureForm:
    """A form, for somebody who may change it.

    Raises:
        NotFound: ``sales.no_form``. NotAllowed: ``sales.not_steering``.
    """
    found = forms_for(member).select_related("workspace").filter(pk=form_id).first()
    if found is None:
        raise NotFound("sales.no_form", _("This form is not there any more."))
    check_shape(member)
    return found


def key_for(member: Member, key_id: int) -> CaptureKey:
    """A key of a form, for somebody who may revoke it.

    Raises:
        NotFound: ``sales.no_key``. NotAllowed: ``sales.not_steering``.
    """
    found = CaptureKey.objects.filter(workspace_id=member.workspace_id, pk=key_id).first()
    if found is None:
        raise NotFound("sales.no_key", _("There is no such key here."))
    check_shape(member)
    return found


def held_for(member: Member) -> QuerySet[Submission]:
    """What was held back and is not decided on yet, the oldest first."""
    rows = Submission.objects.filter(workspace_id=member.workspace_id, verdict="held")
    return rows.select_related("form").order_by("received_at", "pk")


def held_one_for(member: Member, submission_id: int) -> Submission:
    """What was held back, for somebody who may sell.

    Raises:
        NotFound: ``sales.no_submission``. NotAllowed: ``sales.read_only``.
    """
    found = Submission.objects.filter(workspace_id=member.workspace_id, pk=submission_id)
    row = found.select_related("form").first()
    if row is None:
        raise NotFound("sales.no_submission", _("It is not there any more. Reload the page."))
    if not roles.may_sell(member):
        raise NotAllowed("sales.read_only", _("You may look at leads, but not decide on them."))
    return row
