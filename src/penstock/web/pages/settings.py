"""The pages of the settings: who shapes what, and what was changed by whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from penstock.flow.models import Item, Kind, Pipeline, Stage
from penstock.users import roles
from penstock.users.models import AuditEntry, Member, Role
from penstock.web.forms.settings import NEEDS
from penstock.web.pages.base import Page

AUDIT_SHOWN = 50

ACTIONS = {
    "workspace.founded": gettext_lazy("Founded the workspace"),
    "workspace.changed": gettext_lazy("Changed the workspace"),
    "member.added": gettext_lazy("Added a member"),
    "member.role": gettext_lazy("Changed a role"),
    "member.left": gettext_lazy("Let a member go"),
    "team.made": gettext_lazy("Made a team"),
    "team.renamed": gettext_lazy("Renamed a team"),
    "team.lead": gettext_lazy("Changed who leads a team"),
    "team.members": gettext_lazy("Changed who belongs to a team"),
    "team.retired": gettext_lazy("Retired a team"),
    "pipeline.made": gettext_lazy("Made a pipeline"),
    "pipeline.renamed": gettext_lazy("Renamed a pipeline"),
    "pipeline.retired": gettext_lazy("Retired a pipeline"),
    "pipeline.taken_up": gettext_lazy("Took a pipeline up again"),
    "pipeline.reordered": gettext_lazy("Put stages into another order"),
    "stage.added": gettext_lazy("Added a stage"),
    "stage.renamed": gettext_lazy("Renamed a stage"),
    "stage.tuned": gettext_lazy("Changed what a stage asks"),
    "stage.retired": gettext_lazy("Retired a stage"),
    "loss_reason.added": gettext_lazy("Added a loss reason"),
    "loss_reason.renamed": gettext_lazy("Renamed a loss reason"),
    "loss_reason.retired": gettext_lazy("Retired a loss reason"),
    "followup_rule.added": gettext_lazy("Added a follow-up rule"),
    "followup_rule.changed": gettext_lazy("Changed a follow-up rule"),
    "followup_rule.retired": gettext_lazy("Retired a follow-up rule"),
    "playbook.added": gettext_lazy("Added a task to a playbook"),
    "playbook.changed": gettext_lazy("Changed a task of a playbook"),
    "playbook.retired": gettext_lazy("Retired a task of a playbook"),
    "playbook.taken_up": gettext_lazy("Took a task of a playbook up again"),
    "playbook.arranged": gettext_lazy("Put the tasks of a playbook into another order"),
    "mail.added": gettext_lazy("Added a mail template"),
    "mail.changed": gettext_lazy("Changed a mail template"),
    "mail.retired": gettext_lazy("Retired a mail template"),
    "mail.restored": gettext_lazy("Took a mail template up again"),
    "calendar.added": gettext_lazy("Added a calendar"),
    "calendar.week": gettext_lazy("Changed the hours of the week"),
    "calendar.days": gettext_lazy("Put days on a calendar"),
    "calendar.day_removed": gettext_lazy("Took a day off a calendar"),
    "queue.rule": gettext_lazy("Changed the order of work"),
    "place.added": gettext_lazy("Said who can work how much"),
    "absence.added": gettext_lazy("Put an absence down"),
    "disruption.recorded": gettext_lazy("Recorded a disruption"),
    "capacity.withdrawn": gettext_lazy("Took back what was said of capacity"),
    "answers.rule": gettext_lazy("Changed how soon leads are answered"),
    "campaign.started": gettext_lazy("Started a campaign"),
    "campaign.changed": gettext_lazy("Changed a campaign"),
    "campaign.retired": gettext_lazy("Retired a campaign"),
    "campaign.taken_up": gettext_lazy("Took a campaign up again"),
    "capture_form.made": gettext_lazy("Made a form"),
    "capture_form.changed": gettext_lazy("Changed a form"),
    "capture_form.opened": gettext_lazy("Opened a form"),
    "capture_form.closed": gettext_lazy("Closed a form"),
    "capture_form.retired": gettext_lazy("Retired a form"),
    "capture_key.made": gettext_lazy("Made a key"),
    "capture_key.revoked": gettext_lazy("Revoked a key"),
    "channel_rule.set": gettext_lazy("Said which channel a word stands for"),
    "channel_rule.dropped": gettext_lazy("Dropped a rule of channels"),
    "evidence.half_life": gettext_lazy("Changed how fast statements fade"),
    "person.erased": gettext_lazy("Erased a person"),
    "proposals.settings_changed": gettext_lazy("Changed the settings of proposals"),
    "proposals.template_changed": gettext_lazy("Changed a template of proposals"),
    "proposals.logo_changed": gettext_lazy("Changed the logo"),
    "merge.made": gettext_lazy("Merged two records"),
    "merge.undone": gettext_lazy("Undid a merge"),
    "import.applied": gettext_lazy("Applied an import"),
    "import.reverted": gettext_lazy("Took an import back"),
}


@dataclass(frozen=True, slots=True)
class StageRow:
    """A stage as the settings show it."""

    stage: Stage
    needs: list[str]
    n_open: int
    is_first: bool
    is_last: bool


def head(title: str, *, answer: str = "") -> Page:
    """One page of the settings."""
    return Page(title=title, nav="settings", answer=answer)


def tabs(member: Member, *, current: str) -> list[dict[str, Any]]:
    """The pages that a role may open."""
    offered = (
        ("workspace", "settings", _("Workspace"), roles.may_administer(member)),
        ("members", "members", _("Members"), roles.may_administer(member)),
        ("teams", "teams", _("Teams"), roles.may_steer(member)),
        ("pipelines", "pipelines", _("Pipelines"), roles.may_steer(member)),
        ("gates", "gates", _("Gates"), roles.may_steer(member)),
        ("playbooks", "playbooks", _("Playbooks"), roles.may_steer(member)),
        ("mail", "mail-templates", _("Mail templates"), roles.may_steer(member)),
        ("reasons", "loss-reasons", _("Loss reasons"), roles.may_steer(member)),
        ("followups", "followup-rules", _("Follow-up"), roles.may_steer(member)),
        ("calendar", "calendar", _("Working time"), roles.may_steer(member)),
        ("capacity", "capacity", _("Capacity"), roles.may_deliver(member)),
        ("queue", "queue-rule", _("Order of work"), roles.may_deliver(member)),
        ("forms", "capture-forms", _("Forms"), roles.may_steer(member)),
        ("answers", "answer-rules", _("Answers"), roles.may_steer(member)),
        ("channels", "channels", _("Channels"), roles.may_steer(member)),
        ("proposals", "proposal-settings", _("Proposals"), roles.may_steer(member)),
        ("goals", "goal-grid", _("Goals"), roles.may_steer(member)),
        ("products", "products", _("Products"), True),
        ("rates", "rates", _("Exchange rates"), True),
    )
    return [
        {
            "name": name,
            "url": reverse(url, args=[member.workspace.slug]),
            "is_current": code == current,
        }
        for code, url, name, is_open in offered
        if is_open
    ]


def stage_rows(pipeline: Pipeline) -> list[StageRow]:
    """The stages in use, in order, with the open items that stand there."""
    stages = list(pipeline.stages.filter(retired_at=None).order_by("position", "pk"))
    items = Item.objects.open().filter(
        workspace_id=pipeline.workspace_id, kind=pipeline.kind, stage__in=stages
    )
    n_open = dict(items.values_list("stage_id").annotate(n=Count("pk")))
    return [
        StageRow(
            stage=stage,
            needs=[str(NEEDS.get(need, need)) for need in stage.needs],
            n_open=n_open.get(stage.pk, 0),
            is_first=at == 0,
            is_last=at == len(stages) - 1,
        )
        for at, stage in enumerate(stages)
    ]


def may_reshape(pipeline: Pipeline) -> bool:
    """Whether stages are shaped by hand: those of orders and work are derived."""
    return pipeline.kind == Kind.DEAL


def audit(member: Member) -> list[dict[str, Any]]:
    """The latest acts on access and settings."""
    entries = (
        AuditEntry.objects.filter(workspace_id=member.workspace_id)
        .select_related("by")
        .order_by("-recorded_at", "-pk")[:AUDIT_SHOWN]
    )
    names = dict(Member.objects.filter(workspace_id=member.workspace_id).values_list("pk", "name"))
    return [
        {
            "text": str(ACTIONS.get(entry.action, entry.action)),
            "detail": _about(entry, names),
            "by": entry.by.name if entry.by else "",
            "at": entry.recorded_at,
            "icon": "key",
        }
        for entry in entries
    ]


def _about(entry: AuditEntry, names: dict[int, str]) -> str:
    whom = names.get(entry.target_id or 0, "") if entry.target_kind == "member" else ""
    code = str(entry.detail.get("role", ""))
    role = str(dict(Role.choices).get(code, code))
    return ": ".join(part for part in (whom, role) if part)
