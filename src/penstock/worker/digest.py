"""The list of today by e-mail: once on each working day, from the hour that a member chose."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext_lazy

from penstock.catalog import calendars
from penstock.notices import outbox, reminders, wishes
from penstock.notices.letters import Letter, address
from penstock.notices.models import Message, Wishes
from penstock.reports import today as report
from penstock.reports.today import Today, Todo
from penstock.sales.models import Activity
from penstock.users.models import Member, Workspace

N_LISTED = 10
#: What is said of a matter that is no activity.
MATTERS = {
    "no_step": pgettext_lazy("matter", "No next step"),
    "late_in_stage": pgettext_lazy("matter", "Late in its stage"),
    "lead": pgettext_lazy("matter", "Lead to answer"),
    "commented": pgettext_lazy("matter", "Question about a proposal"),
    "viewed": pgettext_lazy("matter", "Proposal to follow up"),
    "expiring": pgettext_lazy("matter", "Proposal about to expire"),
    "renewal": pgettext_lazy("matter", "Renewal to begin"),
    "upsell": pgettext_lazy("matter", "Upsell to begin"),
    "win_back": pgettext_lazy("matter", "Customer to win back"),
}


def send_due(workspace: Workspace) -> int:
    """Post the lists whose hour has come; answers how many. Each member gets one a day, however often it runs.

    Nobody without an account gets one, nobody who has nothing to do, and nobody on a day without work.
    """
    now = timezone.now().astimezone(workspace.zone)
    if not calendars.of(workspace).is_working_day(now.date()):
        return 0
    chosen = wishes.of_all(workspace.pk)
    members = Member.objects.filter(
        workspace=workspace, is_active=True, account__isnull=False
    ).select_related("account", "workspace")
    sent = set(
        Message.objects.filter(
            workspace=workspace, source_key__startswith=f"digest:{now.date()}:"
        ).values_list("member_id", flat=True)
    )
    due = [
        one
        for one in members
        if one.pk not in sent and _is_time(chosen.get(one.pk) or Wishes(), hour=now.hour)
    ]
    return sum(_post(workspace, one) for one in due)


def _is_time(wish: Wishes, *, hour: int) -> bool:
    return wish.has_digest and hour >= wish.digest_hour


def _post(workspace: Workspace, member: Member) -> bool:
    found = report.for_member(member)
    if not found.n:
        return False
    with override(outbox.language_of(member)):
        message = outbox.post(
            workspace,
            _letter(workspace, found),
            kind="digest",
            to=outbox.to_member(member),
            source_key=f"digest:{found.on}:{member.pk}",
        )
    return message is not None


def _letter(workspace: Workspace, found: Today) -> Letter:
    subject = ngettext("%(n)d thing to do today", "%(n)d things to do today", found.n)
    return Letter(
        subject=subject % {"n": found.n},
        paragraphs=[_("Good morning,"), _("this comes first:")],
        rows=[_row(workspace, todo) for todo in found.todos[:N_LISTED]],
        button=_("Open today’s list"),
        url=address("today", workspace.slug),
        closing=reminders.farewell(workspace),
        sender=workspace.name,
    )


def _row(workspace: Workspace, todo: Todo) -> tuple[str, str]:
    one = todo.found
    if one.activity_id is None:
        what = str(MATTERS.get(one.kind, one.about))
    else:
        what = one.about or str(Activity.ActivityKind(one.activity_kind).label)
    url = reminders.page_of(workspace, kind=one.item_kind, key=one.key)
    return _("%(title)s: %(what)s") % {"title": one.title, "what": what}, url
