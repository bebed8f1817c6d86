"""What do we owe, and will it be on time?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from penstock.backlog.models import Order, QueueRule
from penstock.contacts import access as contacts
from penstock.contacts.models import Tier
from penstock.flow.models import Kind, Stage
from penstock.reports import backlog, holds, ratios
from penstock.reports.moment import Moment
from penstock.users import roles
from penstock.users.middleware import MemberRequest
from penstock.web import htmx
from penstock.web.forms.backlog import asked as read_asked
from penstock.web.pages import backlog as pages
from penstock.web.pages import backlog_queue as queue
from penstock.web.pages import promises as promise_pages
from penstock.web.pages import queue_order as order_pages
from penstock.web.pages import saved_views
from penstock.web.views import shell
from penstock.web.views.orders import asked_moment

PAGE_SIZE = 50


@require_GET
def show(request: MemberRequest) -> HttpResponse:
    """The queue: what is owed, the most pressing first, now or as it was on a day."""
    views = saved_views.build(request.member, saved_views.BACKLOG, request.GET)
    if views.elsewhere:
        return redirect(views.elsewhere)
    moment = asked_moment(request)
    listed = _list(request, moment)
    if htmx.is_htmx(request):
        context = {
            **listed,
            "slug": request.workspace.slug,
            "views": views,
            "workspace": request.workspace,
        }
        return render(request, "web/backlog/list_again.html", context)
    state = backlog.on_day(request.member, on=moment.on, known=moment.known)
    found = ratios.of(state, member=request.member)
    waiting = holds.of(state, member=request.member)
    return shell.show(
        request,
        "web/backlog/queue.html",
        pages.head(state, waiting),
        on=None if moment.is_now else moment.on,
        slug=request.workspace.slug,
        tabs=tabs(request, current="queue"),
        state=state,
        tiles=pages.tiles(state, found, waiting, slug=request.workspace.slug),
        views=views,
        may_edit=moment.is_now and roles.may_deliver(request.member),
        **listed,
    )


def _list(request: MemberRequest, moment: Moment) -> dict[str, Any]:
    asked = read_asked(request.GET)
    rule = QueueRule.of(request.workspace)
    found = queue.queue(request.member, asked=asked, moment=moment, policy=rule.policy)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = queue.rows(_shown(found, page), moment=moment, member=request.member)
    return {
        **_policy(request, asked, rows, rule=rule if moment.is_now else None),
        "asked": asked,
        "moment": moment,
        "page_obj": page,
        "base_query": without(request.GET, "page"),
        "heads": _heads(request, asked),
        "stages": _stages(request),
        "company": _company(request, asked),
        "tiers": Tier.choices,
        "keep": [("on", moment.on.isoformat())] if not moment.is_now else [],
    }


def _policy(
    request: MemberRequest,
    asked: queue.Asked,
    rows: list[queue.QueueRow],
    *,
    rule: QueueRule | None,
) -> dict[str, Any]:
    """The rows with why each stands where it stands, and the policy that put them there."""
    if rule is not None:
        ready = promise_pages.short_of(request.member, [row.number for row in rows])
        rows = [replace(row, ready=ready.get(row.number, "")) for row in rows]
    if rule is None or asked.sort != queue.DEFAULT_SORT:
        return {"rows": rows}
    reasons = order_pages.shown_reasons(request.member, rule, [row.number for row in rows])
    return {
        "rows": [replace(row, reason=reasons.get(row.number, "")) for row in rows],
        "policy": order_pages.EXPLAINED[QueueRule.Policy(rule.policy)],
    }


def _shown(found: QuerySet[Order], page: Page[Order]) -> QuerySet[Order]:
    return found[max(0, page.start_index() - 1) : page.end_index()]


def _heads(request: MemberRequest, asked: queue.Asked) -> list[dict[str, Any]]:
    columns = (
        ("reference", _("Order"), False),
        ("company", _("Customer"), False),
        ("", _("Reference"), False),
        ("value", _("Value left"), True),
        ("", _("Left of ordered"), True),
        ("promised", _("Promised"), False),
        ("accepted", _("Age"), True),
        ("", _("Stage"), False),
    )
    return [_head(request, asked, *column) for column in columns]


def _head(
    request: MemberRequest, asked: queue.Asked, sort: str, name: str, is_number: bool
) -> dict[str, Any]:
    if not sort:
        return {"name": name, "is_number": is_number}
    is_current = asked.sort == sort
    turned = f"-{sort}" if is_current and not asked.is_descending else sort
    query = request.GET.copy()
    query["sort"] = turned
    query.pop("page", None)
    order = "descending" if asked.is_descending else "ascending"
    return {
        "name": name,
        "url": f"?{query.urlencode()}",
        "sorted": order if is_current else "",
        "is_number": is_number,
    }


def _stages(request: MemberRequest) -> list[Stage]:
    return list(
        Stage.objects.filter(
            workspace_id=request.member.workspace_id,
            pipeline__kind=Kind.ORDER,
            retired_at=None,
        )
        .exclude(kind="done")
        .order_by("pipeline__position", "position")
    )


def _company(request: MemberRequest, asked: queue.Asked) -> object:
    if asked.company_id is None:
        return None
    return contacts.companies_for(request.member).filter(pk=asked.company_id).first()


def without(query: QueryDict, *names: str) -> str:
    """An address's query without some of its names."""
    rest = query.copy()
    for name in names:
        rest.pop(name, None)
    return rest.urlencode()


def tabs(request: MemberRequest, *, current: str) -> list[dict[str, Any]]:
    """The views of what is owed."""
    slug = request.workspace.slug
    days = {name: request.GET[name] for name in ("on", "known") if request.GET.get(name)}
    past = QueryDict(mutable=True)
    past.update(days)
    suffix = f"?{past.urlencode()}" if days else ""
    names = (
        ("queue", "backlog", _("Queue")),
        ("board", "backlog-board", pgettext("view", "Board")),
        ("statement", "backlog-statement", _("Statement")),
        ("impact", "impact", _("Impact")),
        ("promises", "promises", _("Promises")),
        ("lab", "policy-lab", _("Policy lab")),
        ("flow", "backlog-flow", _("Flow")),
        ("bottleneck", "backlog-bottleneck", _("Bottleneck")),
        ("risk", "backlog-risk", _("At risk")),
    )
    return [
        {
            "name": label,
            "url": reverse(url, args=[slug]) + ("" if code == "board" else suffix),
            "is_current": code == current,
        }
        for code, url, label in names
    ]
