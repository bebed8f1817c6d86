"""The only way by which a door gets a deal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import NotAllowed, NotFound
from penstock.flow.models import Item, Kind
from penstock.sales import proposal_links
from penstock.sales.models import Activity, Deal, DealEdit, Goal, Proposal, ProposalVersion
from penstock.sales.models.activity import ActivityQuerySet
from penstock.sales.models.deal import DealQuerySet
from penstock.sales.models.proposal import ProposalQuerySet
from penstock.users import roles
from penstock.users.models import Member, Role
from penstock.users.models.workspace import Sees


def deals_for(member: Member) -> DealQuerySet:
    """The deals that a member may see."""
    return Deal.objects.visible_to(member)


def deal_for(member: Member, key: str, *, to: str = "see") -> Deal:
    """A deal by its key, to see or to change (``edit``).

    Raises:
        NotFound: ``sales.no_deal``: there is none, or it is not this member's to see.
        NotAllowed: ``sales.read_only``: a colleague without the right.
    """
    # Of more tables at once, planning takes longer than all that is asked; stage, pipeline and
    # product come when somebody reads them.
    found = deals_for(member).select_related("item__owner", "company")
    deal = found.filter(item__key=key.upper()).order_by().first()
    if deal is None:
        raise NotFound("sales.no_deal", _("There is no such deal, or it is not yours to see."))
    deal.workspace = deal.item.workspace = member.workspace
    if to != "see":
        check_edit(member, deal.item)
    return deal


def edit_for(member: Member, edit_id: int) -> DealEdit:
    """An act on several deals, to take it back: by who did it, or a manager.

    Raises:
        NotFound: ``sales.no_edit``. NotAllowed: ``sales.not_yours``.
    """
    found = DealEdit.objects.filter(workspace_id=member.workspace_id, pk=edit_id).first()
    if found is None:
        raise NotFound("sales.no_edit", _("There is nothing to take back. Reload the page."))
    if found.by_id != member.pk and not roles.may_steer(member):
        raise NotAllowed("sales.not_yours", _("Only who did it or a manager may take it back."))
    return found


def check_edit(member: Member, item: Item) -> None:
    """Refuse a change to a deal that is not this member's.

    Raises:
        NotAllowed: ``sales.read_only``.
    """
    if not may_edit(member, item):
        raise NotAllowed(
            "sales.read_only",
            _("You may look at this deal, but only its owner or a manager may change it."),
        )


def may_edit(member: Member, item: Item) -> bool:
    """Whether a member may change a deal."""
    return roles.may_sell_for(member, owner_id=item.owner_id)


def proposals_for(member: Member) -> ProposalQuerySet:
    """The proposals on the deals that a member may see."""
    return Proposal.objects.visible_to(member)


def proposal_for(member: Member, key: str, *, to: str = "see") -> Proposal:
    """A proposal by its key, to see or to change (``edit``).

    Raises:
        NotFound: ``sales.no_proposal``. NotAllowed: ``sales.read_only``.
    """
    rows = proposals_for(member).select_related("deal__item", "deal__company", "person", "by")
    proposal = rows.filter(key=key.upper()).first()
    if proposal is None:
        raise NotFound(
            "sales.no_proposal", _("There is no such proposal, or it is not yours to see.")
        )
    if to != "see":
        check_edit(member, proposal.deal.item)
    return proposal


def version_for(member: Member, key: str, number: int, *, to: str = "see") -> ProposalVersion:
    """A version of a proposal, to see or to ``edit``.

    Raises:
        NotFound: ``sales.no_proposal``. NotAllowed: ``sales.read_only``.
    """
    proposal = proposal_for(member, key, to=to)
    version = proposal.versions.filter(number=number).first()
    if version is None:
        raise NotFound("sales.no_proposal", _("There is no such version of this proposal."))
    version.proposal = proposal
    return version


def proposal_by(token: str) -> ProposalVersion:
    """The version that the customer with this secret is to see: the one sent last.

    Raises:
        NotFound: ``sales.no_proposal``: there is no such link here, or it was taken back.
    """
    link = proposal_links.find(token)
    sent = ProposalVersion.objects.filter(
        proposal=link.proposal_id if link else None, sent_at__isnull=False
    )
    version = (
        sent.select_related("proposal__deal__item", "proposal__deal__company", "workspace")
        .select_related("proposal__person")
        .order_by("-number")
        .first()
    )
    if version is None:
        raise NotFound(
            "sales.no_proposal",
            _("This link is no longer open. Ask whoever sent it for a new one."),
        )
    return version


def items_for(member: Member, *, present_at: datetime | None = None) -> QuerySet[Item]:
    """The items of the deals that a member may see, with the columns of the deal under ``deal__``.

    Boards and lists start from here: the order and the figures of a stage lie in the item's indexes.
    ``present_at`` adds those that were withdrawn only at that moment or later.
    """
    present = Q(withdrawn_at=None)
    if present_at is not None:
        present |= Q(withdrawn_at__gte=present_at)
    items = Item.objects.filter(present, workspace_id=member.workspace_id, kind=Kind.DEAL)
    return items if sees_all(member) else items.filter(Q(owner=member) | Q(owner=None))


def sees_all(member: Member) -> bool:
    """Whether a member may see every deal of the workspace."""
    return not (member.role == Role.REP and member.workspace.reps_see == Sees.OWN)


def activities_for(member: Member) -> ActivityQuerySet:
    """The activities that a member may see: those of all that is no deal, and of deals to be seen."""
    activities = Activity.objects.present().filter(workspace_id=member.workspace_id)
    if member.role == Role.REP and member.workspace.reps_see == Sees.OWN:
        # What was given to somebody is theirs to see, also about a colleague's deal.
        mine = Q(item__owner=member) | Q(item__owner=None) | Q(owner=member)
        return activities.filter(mine | ~Q(item__kind=Kind.DEAL))
    return activities


def activity_for(member: Member, activity_id: int, *, to: str = "see") -> Activity:
    """An activity, to see or to change (``edit``).

    It may be changed by whoever may change its deal or order, and by whoever it belongs to.

    Raises:
        NotFound: ``sales.no_activity``. NotAllowed: ``sales.read_only_activity``.
    """
    activity = (
        activities_for(member)
        .select_related("item__stage", "item__pipeline", "item__owner", "owner", "workspace")
        .filter(pk=activity_id)
        .first()
    )
    if activity is None:
        raise NotFound(
            "sales.no_activity", _("There is no such activity, or it is not yours to see.")
        )
    if to != "see" and not may_edit_activity(member, activity):
        raise NotAllowed(
            "sales.read_only_activity",
            _("You may look at this, but only whose it is or a manager may change it."),
        )
    return activity


def may_edit_activity(member: Member, activity: Activity) -> bool:
    """Whether a member may complete, put off, give away or cancel an activity."""
    if activity.owner_id == member.pk:
        return member.is_active and member.role != Role.VIEWER
    return may_act_on(member, activity.item)


def may_act_on(member: Member, item: Item) -> bool:
    """Whether a member may plan and write down what is done about a deal, an order or a piece of work."""
    may_sell = roles.may_sell_for(member, owner_id=item.owner_id)
    return may_sell or (item.kind != Kind.DEAL and roles.may_deliver(member))


def check_act_on(member: Member, item: Item) -> None:
    """Refuse who may do nothing about an item.

    Raises:
        NotAllowed: ``sales.read_only_item``.
    """
    if not may_act_on(member, item):
        raise NotAllowed(
            "sales.read_only_item",
            _("You may look at this, but only its owner, operations or a manager may act on it."),
        )


def check_goals(member: Member) -> None:
    """Refuse to set goals to whoever does not steer.

    Raises:
        NotAllowed: ``sales.goals_read_only``.
    """
    if not roles.may_steer(member):
        raise NotAllowed(
            "sales.goals_read_only", _("Only a manager or the owner of the workspace sets goals.")
        )


def goal_for(member: Member, goal_id: int) -> Goal:
    """A goal, as it was said once.

    Raises:
        NotFound: ``sales.no_goal``.
    """
    said = Goal.objects.filter(workspace_id=member.workspace_id, pk=goal_id)
    found = goals_for(member, list(said.select_related("team", "owner", "product")))
    if not found:
        raise NotFound("sales.no_goal", _("There is no such goal, or it is not yours to see."))
    return found[0]


def goals_for(member: Member, goals: Sequence[Goal]) -> list[Goal]:
    """Of some goals those whose figures a member may see: a rep who sees only own deals, only own goals."""
    if member.role == Role.REP and member.workspace.reps_see == Sees.OWN:
        return [goal for goal in goals if goal.owner_id == member.pk]
    return list(goals)
