"""The playbooks of all stages of deals, as sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from penstock.flow.access import pipelines_for
from penstock.flow.models import Kind, Stage
from penstock.sales.models import PlaybookTask
from penstock.sales.models.playbook import Counted, Who
from penstock.users.models import Member
from penstock.web import figures

ANSWER = gettext_lazy(
    "A deal that enters a stage gets the tasks of its playbook, on working days, once."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One task: what, when, who, and what else holds of it."""

    id: int
    title: str
    kind: str
    kind_name: str
    details: str
    link: str
    is_required: bool
    template: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Playbook:
    """The tasks of one stage, in order, and those that are planned no more."""

    stage_id: int
    stage: str
    lines: Sequence[Line]
    retired: Sequence[Line]


def build(member: Member) -> list[tuple[str, list[Playbook]]]:
    """The pipelines of deals with the playbooks of their stages."""
    tasks = PlaybookTask.objects.filter(workspace_id=member.workspace_id)
    by_stage: dict[tuple[int, bool], list[Line]] = {}
    for task in tasks.select_related("member", "template").order_by("position", "pk"):
        place = task.stage_id, task.retired_at is None
        by_stage.setdefault(place, []).append(_line(task, member.workspace.currency))
    stages = Stage.objects.filter(
        workspace_id=member.workspace_id, pipeline__kind=Kind.DEAL, retired_at=None
    ).order_by("position", "pk")
    of_pipeline: dict[int, list[Playbook]] = {}
    for stage in stages:
        of_pipeline.setdefault(stage.pipeline_id, []).append(
            Playbook(
                stage_id=stage.pk,
                stage=stage.label,
                lines=by_stage.get((stage.pk, True), ()),
                retired=by_stage.get((stage.pk, False), ()),
            )
        )
    found = pipelines_for(member).filter(kind=Kind.DEAL)
    return [(pipeline.label, of_pipeline.get(pipeline.pk, [])) for pipeline in found]


def _line(task: PlaybookTask, currency: str) -> Line:
    who = task.member.name if task.who == Who.MEMBER and task.member else task.get_who_display()
    details = [_when(task), str(who)]
    if task.least_amount is not None:
        sum_ = figures.money(task.least_amount, currency)
        details.append(_("from %(sum)s") % {"sum": sum_})
    if not task.ends_with_stage:
        details.append(_("stays when the deal leaves"))
    return Line(
        id=task.pk,
        title=task.title,
        kind=task.kind,
        kind_name=str(task.get_kind_display()),
        details=" · ".join(details),
        link=task.link,
        is_required=task.is_required,
        template=_("letter “%(name)s”") % {"name": task.template.name} if task.template else "",
    )


def _when(task: PlaybookTask) -> str:
    if task.counted == Counted.CLOSE:
        text = ngettext(
            "%(n)s working day before the expected close",
            "%(n)s working days before the expected close",
            task.days,
        )
    elif task.days == 0:
        return _("on the day it enters")
    else:
        text = ngettext(
            "%(n)s working day after it enters", "%(n)s working days after it enters", task.days
        )
    return text % {"n": figures.number(task.days)}
