"""What is to be done about a deal or an order: planned, written down, done, put off, called off, taken back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from penstock.backlog import access as orders_access
from penstock.base.calendar import end_of
from penstock.base.errors import NotFound
from penstock.catalog import calendars
from penstock.flow.dating import today
from penstock.flow.models import Item, Kind
from penstock.sales import access, activities
from penstock.sales.models import Activity, ActivityChange, Deal
from penstock.users.middleware import MemberRequest
from penstock.web.forms import activities as forms
from penstock.web.forms.activities import DoneForm, DueForm, EditForm, LogForm, PlanForm, StepForm
from penstock.web.htmx import Toast
from penstock.web.pages import activities as panels
from penstock.web.pages import due
from penstock.web.views import acted, dialogs, orders
from penstock.web.views.orders import ASKS

NEXT_STEP = "components/form_dialog.html"


@ASKS
def create(request: MemberRequest, key: str, about: str = Kind.DEAL) -> HttpResponse:
    """Ask what is to be done and when, and plan it."""
    item = _item(request, key, about)
    data = request.POST if request.method == "POST" else None
    form: StepForm = (
        StepForm(data)
        if "step" in request.GET
        else PlanForm(
            data,
            item=item,
            member=request.member,
            initial=forms.initial_owner(item, request.member),
        )
    )
    if data is not None:
        made = dialogs.attempt(form, lambda: _plan(request, item, form))
        if made is not None:
            return answer(request, made, _("Planned: %(what)s."))
    title = _("What is the next step?")
    return dialogs.ask(
        request, form, title=title, submit=_("Plan it"), chips=_days(item), before="due_on"
    )


@ASKS
def log(request: MemberRequest, key: str, kind: str, about: str = Kind.DEAL) -> HttpResponse:
    """Ask what came of something that was done, and write it down."""
    item = _item(request, key, about)
    if kind not in Activity.ActivityKind.values:
        raise NotFound("sales.activity_kind", _("There is no such kind. Reload the page."))
    data = request.POST if request.method == "POST" else None
    form = LogForm(data, item=item, kind=kind)
    if data is not None:
        made = dialogs.attempt(form, lambda: _log(request, item, form, kind=kind))
        if made is not None:
            is_note = kind == Activity.ActivityKind.NOTE
            return answer(request, made, _("Written down: %(what)s."), asks=not is_note)
    title = str(panels.LOGGED[kind])
    return dialogs.ask(
        request, form, title=title, submit=_("Write down"), chips=panels.results(kind)
    )


@ASKS
def complete(request: MemberRequest, activity_id: int) -> HttpResponse:
    """Ask what came of it, and say that it is done."""
    activity = access.activity_for(request.member, activity_id, to="edit")
    data = request.POST if request.method == "POST" else None
    form = DoneForm(data, initial={"notes": activity.notes})
    if data is not None:
        done = dialogs.attempt(form, lambda: _complete(request, activity, form))
        if done is not None:
            return answer(request, done, _("Done: %(what)s."), asks=True)
    return dialogs.ask(
        request,
        form,
        title=panels.what(activity),
        submit=_("Done"),
        chips=panels.results(activity.kind),
    )


@ASKS
def put_off(request: MemberRequest, activity_id: int) -> HttpResponse:
    """Ask for another day, and put it off."""
    activity = access.activity_for(request.member, activity_id, to="edit")
    data = request.POST if request.method == "POST" else None
    form = DueForm(data)
    if data is not None:
        made = dialogs.attempt(form, lambda: _put_off(request, activity, form))
        if made is not None:
            return answer(request, made, _("Put off: %(what)s."))
    return dialogs.ask(
        request,
        form,
        title=_("Until when?"),
        submit=_("Put off"),
        text=panels.what(activity),
        chips=_days(activity.item),
        before="due_on",
    )


@ASKS
def edit(request: MemberRequest, activity_id: int) -> HttpResponse:
    """Change the words, the day and whose it is."""
    activity = access.activity_for(request.member, activity_id, to="edit")
    data = request.POST if request.method == "POST" else None
    form = EditForm(data, activity=activity, member=request.member)
    if data is not None:
        made = dialogs.attempt(form, lambda: _edit(request, activity, form))
        if made is not None:
            return answer(request, made, _("Changed: %(what)s."), undo=False)
    return dialogs.ask(request, form, title=panels.what(activity), submit=_("Save"))


@require_POST
def cancel(request: MemberRequest, activity_id: int) -> HttpResponse:
    """Call it off."""
    activity = access.activity_for(request.member, activity_id, to="edit")
    gone = activities.cancel(activity, by=request.member)
    return answer(request, gone, _("Called off: %(what)s."))


@require_POST
def undo(request: MemberRequest, activity_id: int, activity_change_id: int) -> HttpResponse:
    """Take back the last thing that happened to it."""
    activity = access.activity_for(request.member, activity_id, to="edit")
    change = ActivityChange.objects.filter(pk=activity_change_id, activity=activity).first()
    if change is None:
        raise NotFound("sales.no_activity", _("There is nothing to take back. Reload the page."))
    activities.take_back(change, by=request.member)
    fresh = access.activity_for(request.member, activity_id)
    return answer(request, fresh, _("Taken back: %(what)s."), undo=False)


def _item(request: MemberRequest, key: str, about: str) -> Item:
    """The deal or order about which something may be planned or written down."""
    if about == Kind.DEAL:
        deal_item: Item = access.deal_for(request.member, key, to="edit").item
        return deal_item
    item: Item = orders_access.order_for(request.member, key).item
    access.check_act_on(request.member, item)
    item.workspace = request.workspace
    return item


def _plan(request: MemberRequest, item: Item, form: StepForm) -> Activity:
    if isinstance(form, PlanForm):
        return activities.plan(item, due=form.due(item), by=request.member, **form.details())
    values = form.cleaned_data
    return activities.plan(
        item,
        kind=values["kind"],
        subject=values["subject"],
        due=form.due(item),
        by=request.member,
    )


def _log(request: MemberRequest, item: Item, form: LogForm, *, kind: str) -> Activity:
    values = form.cleaned_data
    return activities.log(
        item,
        kind=kind,
        by=request.member,
        subject=values["subject"],
        notes=values["notes"],
        person=values.get("person"),
        result=form.result,
        at=_moment(item, values["on"]),
    )


def _moment(item: Item, on: date | None) -> datetime | None:
    """The last minute of a day, or now for today."""
    if on is None or on == today(item.workspace):
        return None
    return end_of(on, zone=item.workspace.zone) - timedelta(minutes=1)


def _complete(request: MemberRequest, activity: Activity, form: DoneForm) -> Activity:
    notes = form.cleaned_data["notes"]
    return activities.complete(activity, by=request.member, result=form.result, notes=notes)


def _put_off(request: MemberRequest, activity: Activity, form: DueForm) -> Activity:
    return activities.reschedule(activity, due=form.due(activity.item), by=request.member)


def _edit(request: MemberRequest, activity: Activity, form: EditForm) -> Activity:
    values, member = form.cleaned_data, request.member
    due_now = form.due(activity.item)
    if due_now != (activity.due_at or activity.due_on):
        activity = activities.reschedule(activity, due=due_now, by=member)
    if values["owner"].pk != activity.owner_id:
        activity = activities.assign(activity, owner=values["owner"], by=member)
    return activities.reword(activity, by=member, subject=values["subject"], notes=values["notes"])


def _days(item: Item) -> list[due.Chip]:
    return list(due.chips(calendars.of(item.workspace), today=today(item.workspace)))


def answer(
    request: MemberRequest, activity: Activity, said: str, *, undo: bool = True, asks: bool = False
) -> HttpResponse:
    """The page again with a toast and *Undo*; ``asks`` for the next step where the deal has none any more."""
    change = activities.last_change(activity) if undo else None
    toast = Toast(
        text=said % {"what": panels.what(activity)},
        undo_url=acted.path(request, "activity-undo", activity.pk, change.pk) if change else "",
    )
    item = activity.item
    if item.kind == Kind.ORDER:
        return _order_again(request, item, toast=toast)
    if item.kind != Kind.DEAL:
        return acted.toasted(request, toast=toast)
    deal = Deal.objects.select_related("item__owner", "item__stage").get(pk=item.pk)
    deal.workspace = deal.item.workspace = request.workspace
    dialog = {}
    if asks and panels.needs_step(deal) and access.may_edit(request.member, deal.item):
        dialog = {"dialog": NEXT_STEP, **_asking(request, deal, said=toast.text)}
    return acted.answer(request, deal, stages=[item.stage_id], toast=toast, **dialog)


def _order_again(request: MemberRequest, item: Item, *, toast: Toast) -> HttpResponse:
    """The page of the order with what changed, or whatever page it was done from."""
    url = acted.path(request, "order", item.key)
    here = urlsplit(request.headers.get("HX-Current-URL", "")).path
    if here == url:
        order = orders_access.order_for(request.member, item.key)
        return orders.changed(request, order, toast)
    return acted.toasted(request, toast=toast, fallback=url)


def _asking(request: MemberRequest, deal: Deal, *, said: str) -> dict[str, object]:
    """What the small form for the next step shows."""
    return {
        "dialog_id": "next-step",
        "title": _("What is the next step?"),
        "text": said,
        "form": StepForm(),
        "action": acted.url(request, "activity-new", deal) + "?step",
        "submit": _("Plan it"),
        "chips": _days(deal.item),
        "chips_before": "due_on",
    }
