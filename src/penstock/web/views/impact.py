"""Why is the backlog larger or smaller? And what it is compared with."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from penstock.backlog import access, baselines
from penstock.backlog.models import Baseline
from penstock.reports import impact, impact_weeks
from penstock.reports import impact_ahead as ahead
from penstock.reports.impact_weeks import Past
from penstock.reports.moment import Moment
from penstock.users import roles
from penstock.users.middleware import MemberRequest
from penstock.web import htmx
from penstock.web.forms import impact_ahead as ahead_forms
from penstock.web.forms.impact import KEPT, KeepForm, PlanForm
from penstock.web.forms.impact import asked as read_asked
from penstock.web.pages import impact as pages
from penstock.web.pages import impact_ahead as ahead_pages
from penstock.web.pages import saved_views
from penstock.web.pages.saved_views import SCENARIOS, Views
from penstock.web.views import dialogs, shell
from penstock.web.views.backlog import tabs, without
from penstock.web.views.orders import ASKS, asked_moment

#: What stays in the address when a lever is moved.
HIDDEN = ("on", "known", "weeks", "measure", "against", "question", "saved")


@require_GET
def show(request: MemberRequest) -> HttpResponseBase:
    """What changed the backlog over some weeks, and what it may come to."""
    views = saved_views.build(request.member, SCENARIOS, request.GET)
    if views.elsewhere:
        return redirect(views.elsewhere)
    moment = asked_moment(request)
    asked = read_asked(request.GET, member=request.member, on=moment.on, known=moment.known)
    if htmx.is_htmx(request):
        context = _ahead(request, asked.measure, moment, views=views)
        return shell.piece(request, "web/impact/ahead_again.html", context)
    past = impact_weeks.past(
        request.member,
        on=asked.on,
        n_weeks=max(impact.n_weeks(asked), ahead.LOOK_BACK),
        measure=asked.measure,
        known=asked.known,
    )
    found = impact.of(request.member, asked, past=past)
    return shell.show(
        request,
        "web/impact/page.html",
        pages.head(found),
        on=None if moment.is_now else moment.on,
        moment=moment,
        tabs=tabs(request, current="impact"),
        asked=asked,
        choices={
            name: _segments(request, name, offered)
            for name, offered in pages.choices(found, member=request.member).items()
        },
        parts=pages.parts(found, member=request.member, moment=moment),
        total=pages.total(found),
        notes=pages.notes(found),
        chart=pages.weeks_chart(found),
        query=request.GET.urlencode(),
        **_ahead(request, asked.measure, moment, views=views, past=past),
        may_keep=roles.may_deliver(request.member),
    )


def _ahead(
    request: MemberRequest,
    measure: str,
    moment: Moment,
    *,
    views: Views,
    past: Past | None = None,
) -> dict[str, Any]:
    """What if: the levers, the fan, and every saved scenario on the same draws."""
    levers = ahead_forms.levers(request.GET)
    wanted = ahead_forms.wanted(request.GET, measure=measure)
    rows = ahead_pages.saved(request.member, measure=measure)
    kept = [row.levers for row in rows if row.levers is not None]
    found = ahead.ahead(request.member, moment, [ahead.AS_IS, *kept, levers], wanted, past=past)
    is_changed = levers != ahead.AS_IS
    return {
        "levers": levers,
        "wanted": wanted,
        "bounds": ahead_forms.BOUNDS,
        "policies": ahead_pages.POLICY_NAMES.items(),
        "hidden": [(name, request.GET[name]) for name in HIDDEN if request.GET.get(name)],
        "views": views,
        "ahead": {
            "answer": ahead_pages.answer(found, wanted),
            "definition": ahead_pages.definition(found),
            "notes": ahead_pages.notes(found),
            "heads": ahead_pages.heads(wanted, found),
            "rows": ahead_pages.compared(
                found, wanted, rows, member=request.member, is_changed=is_changed
            ),
            "chart": ahead_pages.chart(found, wanted, is_changed=is_changed),
        },
        "slug": request.workspace.slug,
        "workspace": request.workspace,
    }


def _segments(
    request: MemberRequest, name: str, offered: list[tuple[str, str, bool]]
) -> list[dict[str, object]]:
    """Answers to choose from, with all else that the address asks for kept."""
    kept = without(request.GET, name)
    prefix = f"?{kept}&" if kept else "?"
    return [
        {"name": label, "url": f"{prefix}{name}={code}", "is_current": is_current}
        for code, label, is_current in offered
    ]


@ASKS
def keep(request: MemberRequest) -> HttpResponseBase:
    """Keep the weeks that are shown as a baseline."""
    access.check_edit(request.member, to="edit")
    moment = asked_moment(request)
    asked = read_asked(request.GET, member=request.member, on=moment.on, known=moment.known)
    form = KeepForm(request.POST if request.method == "POST" else None)

    def act() -> Baseline:
        return baselines.keep(
            form.cleaned_data["name"],
            measure=asked.measure,
            weeks=impact.course_now(request.member, asked),
            window=impact.window_of(request.member, asked),
            by=request.member,
        )

    row = dialogs.attempt(form, act)
    if row is None:
        return dialogs.ask(
            request,
            form,
            title=_("Keep these weeks as a baseline"),
            text=_("What came in, could be delivered and was cancelled stays as it is known now."),
            submit=_("Keep"),
        )
    return _kept(request, row)


@ASKS
def plan(request: MemberRequest) -> HttpResponseBase:
    """Ask what a week is planned to bring, and keep it as a baseline."""
    access.check_edit(request.member, to="edit")
    moment = asked_moment(request)
    asked = read_asked(request.GET, member=request.member, on=moment.on, known=moment.known)
    form = PlanForm(request.POST if request.method == "POST" else None)

    def act() -> Baseline:
        told = form.cleaned_data
        return baselines.plan(
            told["name"],
            measure=asked.measure,
            demand=told["demand"],
            capacity=told["capacity"],
            cancelled=told["cancelled"] or Decimal(0),
            by=request.member,
        )

    row = dialogs.attempt(form, act)
    if row is None:
        return dialogs.ask(
            request,
            form,
            title=_("Compare with a plan"),
            text=_("Of a week of five working days, in the measure that is shown: %(measure)s.")
            % {"measure": pages.MEASURE_NAMES[asked.measure]},
            submit=_("Keep"),
        )
    return _kept(request, row)


def _kept(request: MemberRequest, row: Baseline) -> HttpResponseBase:
    messages.success(request, _("The baseline “%(name)s” is kept.") % {"name": row.name})
    rest = without(request.GET, "against", "measure", "question")
    return htmx.go(request, f"{_page(request)}?{rest + '&' if rest else ''}against={KEPT}{row.pk}")


@require_POST
def remove(request: MemberRequest, baseline_id: int) -> HttpResponseBase:
    """Take a baseline away."""
    row = access.baseline_for(request.member, baseline_id, to="edit")
    baselines.remove(row, by=request.member)
    messages.success(request, _("The baseline “%(name)s” is removed.") % {"name": row.name})
    return htmx.go(request, _page(request))


def _page(request: MemberRequest) -> str:
    return reverse("impact", args=[request.workspace.slug])
