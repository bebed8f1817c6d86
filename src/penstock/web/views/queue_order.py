"""Who is next: choosing the policy, saying what waiting costs, putting an order first."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from penstock.backlog import access, priorities
from penstock.backlog.models import Order
from penstock.reports import queue_order
from penstock.users.middleware import MemberRequest
from penstock.web import htmx
from penstock.web.forms.queue_order import CostsForm, RankForm, RuleForm
from penstock.web.pages import queue_order as pages
from penstock.web.pages import settings
from penstock.web.views import dialogs, shell
from penstock.web.views.orders import ASKS


@ASKS
def rule(request: MemberRequest) -> HttpResponseBase:
    """The policy, what each would cost on the queue of now, and a form to choose another."""
    access.check_capacity(request.member)
    found = queue_order.now(request.member)
    form = RuleForm(request.POST if request.method == "POST" else None, rule=found.rule)
    if request.method == "POST" and dialogs.attempt(form, lambda: _choose(request, form)):
        messages.success(request, _("The queue follows it from now on."))
        return htmx.go(request, pages.queue_url(request.workspace))
    return shell.show(
        request,
        "web/queue/page.html",
        pages.head(found),
        status=422 if form.is_bound else 200,
        slug=request.workspace.slug,
        tabs=settings.tabs(request.member, current="queue"),
        form=form,
        heads=pages.heads(),
        rows=pages.compared(found, currency=request.workspace.currency),
        definition=pages.definition(found),
        best=pages.best(found),
        guesses=pages.guesses(found),
    )


def _choose(request: MemberRequest, form: RuleForm) -> object:
    return priorities.choose(request.workspace, form.rule(), by=request.member)


@ASKS
def put_first(request: MemberRequest, key: str) -> HttpResponseBase:
    """Ask at which place an order goes before the policy, and why."""
    order = access.order_for(request.member, key, to="edit")
    form = RankForm(request.POST if request.method == "POST" else None)

    def act() -> object:
        told = form.cleaned_data
        return priorities.put_first(
            order, place=told["place"], reason=told["reason"], by=request.member
        )

    text = _("Those that are put first go before all others, in this order.")
    return _asked(request, order, form, act, title=_("Put %(key)s first"), text=text)


@ASKS
def costs(request: MemberRequest, key: str) -> HttpResponseBase:
    """Ask what waiting costs, and what the order contributes."""
    order = access.order_for(request.member, key, to="edit")
    first = {"cost_of_delay": order.cost_of_delay, "contribution": order.contribution}
    form = CostsForm(request.POST if request.method == "POST" else None, initial=first)

    def act() -> object:
        told = form.cleaned_data
        return priorities.say_costs(
            order,
            cost_of_delay=told["cost_of_delay"],
            contribution=told["contribution"],
            by=request.member,
        )

    text = _("In %(currency)s. Leave empty what nobody knows.") % {"currency": order.currency}
    return _asked(request, order, form, act, title=_("What %(key)s is worth"), text=text)


def _asked(
    request: MemberRequest,
    order: Order,
    form: Form,
    act: Callable[[], object],
    *,
    title: str,
    text: str,
) -> HttpResponseBase:
    if request.method == "POST" and dialogs.attempt(form, act):
        messages.success(request, _("Saved."))
        return htmx.go(request, _page(request, order))
    return dialogs.ask(
        request, form, title=title % {"key": order.item.key}, text=text, submit=_("Save")
    )


@require_POST
def let_policy(request: MemberRequest, key: str) -> HttpResponse:
    """Let the policy say where an order stands again."""
    order = access.order_for(request.member, key, to="edit")
    priorities.let_policy(order, by=request.member)
    messages.success(request, _("The policy says again where it stands."))
    return htmx.go(request, _page(request, order))


def _page(request: MemberRequest, order: Order) -> str:
    return reverse("order", args=[request.workspace.slug, order.item.key])
