"""Files in: choose, map, check, apply, take back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from penstock.base.errors import NotFound, RuleBroken
from penstock.intake import access, changesets
from penstock.intake.models import ChangeRow, ChangeSet, State, Verdict
from penstock.users.middleware import MemberRequest
from penstock.web import htmx
from penstock.web.forms import imports as forms
from penstock.web.pages import imports as pages
from penstock.web.pages import likes
from penstock.web.pages.base import Crumb, Page
from penstock.web.views import dialogs, shell
from penstock.web.views.backlog import without
from penstock.web.views.orders import ASKS

LIST_SIZE = 50
ROWS_SIZE = 100
MAPPABLE = (State.DRAFT, State.FAILED)


@require_GET
def index(request: MemberRequest) -> HttpResponse:
    """All imports, the newest first."""
    found = access.changesets_for(request.member)
    page = Paginator(found, LIST_SIZE).get_page(request.GET.get("page"))
    return shell.show(
        request,
        "web/imports/list.html",
        pages.list_page(page.paginator.count),
        slug=request.workspace.slug,
        page_obj=page,
        rows=[(one, pages.TONES[State(one.state)]) for one in page.object_list],
    )


@ASKS
def start(request: MemberRequest) -> HttpResponse:
    """Choose what the file holds, and drop it."""
    access.importer(request.member)
    form = forms.StartForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        change_set = dialogs.attempt(form, lambda: _start(request, form))
        if change_set is not None:
            return htmx.go(request, _url(request, change_set))
    return shell.show(
        request,
        "web/imports/new.html",
        Page(title=_("Import a file"), nav="imports", crumbs=(_back(request),)),
        form=form,
        slug=request.workspace.slug,
        status=422 if form.is_bound else 200,
    )


def _start(request: MemberRequest, form: forms.StartForm) -> ChangeSet:
    file = form.cleaned_data["file"]
    return changesets.start(
        request.member,
        form.cleaned_data["noun"],
        file.name,
        file.chunks(),
        source=form.cleaned_data["source"],
    )


@require_GET
def show(request: MemberRequest, change_set_id: int) -> HttpResponse:
    """One import, as far as it is: to be mapped, running, checked, applied or taken back."""
    change_set = access.changeset_for(request.member, change_set_id)
    if change_set.is_running:
        return _page(
            request, change_set, "web/imports/running.html", **_running(request, change_set)
        )
    if change_set.state in MAPPABLE or ("map" in request.GET and not change_set.applied_at):
        return _mapping(request, change_set)
    return _page(request, change_set, "web/imports/rows.html", **_rows(request, change_set))


@require_GET
def progress(request: MemberRequest, change_set_id: int) -> HttpResponse:
    """How far it is; the whole page is asked for anew when it is done."""
    change_set = access.changeset_for(request.member, change_set_id)
    if not change_set.is_running:
        return htmx.go(request, _url(request, change_set))
    return render(request, "components/progress.html", _running(request, change_set))


@require_POST
def set_mapping(request: MemberRequest, change_set_id: int) -> HttpResponse:
    """Keep which column is which; with ``check`` look at what would happen."""
    change_set = access.changeset_for(request.member, change_set_id)
    try:
        _take_over(request, change_set)
        if name := request.POST.get("mapping_name", "").strip():
            changesets.save_mapping(change_set, name=name)
        if "check" in request.POST:
            changesets.check(change_set)
    except RuleBroken as error:
        fresh = access.changeset_for(request.member, change_set_id)
        return _mapping(request, fresh, error=error.message)
    return htmx.go(request, _url(request, change_set))


def _take_over(request: MemberRequest, change_set: ChangeSet) -> None:
    saved = request.POST.get("use", "")
    if saved.isdecimal():
        mapping = access.mappings_for(request.member, noun=change_set.noun).filter(pk=saved).first()
        if mapping is None:
            raise NotFound("web.no_mapping", _("There is no such saved mapping."))
        changesets.use_mapping(change_set, mapping)
        return
    headers = changesets.headers(change_set)
    changesets.set_mapping(
        change_set,
        mapping=forms.read_mapping(change_set, request.POST, headers=headers),
        options=forms.read_options(request.POST),
        source=request.POST.get("source", ""),
    )


@require_POST
def check(request: MemberRequest, change_set_id: int) -> HttpResponse:
    """Look again at what would happen."""
    return _run(request, change_set_id, changesets.check)


@require_POST
def apply(request: MemberRequest, change_set_id: int) -> HttpResponse:
    """Do it.

    Raises:
        RuleBroken: ``web.not_checked`` before anybody could look at what it would do.
    """
    change_set = access.changeset_for(request.member, change_set_id)
    if change_set.state == State.DRAFT:
        raise RuleBroken("web.not_checked", _("Check the file first, then apply it."))
    return _run(request, change_set_id, changesets.apply)


@ASKS
def revert(request: MemberRequest, change_set_id: int) -> HttpResponse:
    """Say what taking it back does, and take it back."""
    change_set = access.changeset_for(request.member, change_set_id)
    if request.method == "POST":
        return _run(request, change_set_id, lambda one: changesets.revert(one, by=request.member))
    return dialogs.ask(
        request,
        dialogs.Nothing(),
        title=_("Take the import of %(file)s back?") % {"file": change_set.filename},
        text=pages.what_revert_does(change_set),
        submit=_("Take it back"),
    )


def _run(
    request: MemberRequest, change_set_id: int, verb: Callable[[ChangeSet], object]
) -> HttpResponse:
    change_set = access.changeset_for(request.member, change_set_id)
    verb(change_set)
    return htmx.go(request, _url(request, change_set))


def _mapping(request: MemberRequest, change_set: ChangeSet, *, error: str = "") -> HttpResponse:
    headers = changesets.headers(change_set)
    sample = changesets.sample(change_set, n=5)
    message = change_set.error.get("message", "")
    stored = _(message) if message else ""
    return _page(
        request,
        change_set,
        "web/imports/mapping.html",
        status=422 if error else 200,
        error=error or stored,
        columns=forms.columns(change_set, headers=headers, sample=sample),
        choices=forms.choices(change_set),
        sames=forms.sames(change_set),
        headers=headers,
        sample=[[row.cells.get(name, "")[:80] for name in headers] for row in sample],
        date_orders=forms.DATE_ORDERS,
        decimals=forms.DECIMALS,
        saved=list(access.mappings_for(request.member, noun=change_set.noun)),
        has_stages=any(one.name == "stage" for one in forms.fields_of(change_set)),
    )


def _rows(request: MemberRequest, change_set: ChangeSet) -> dict[str, Any]:
    verdict = request.GET.get("verdict", "")
    rows = ChangeRow.objects.filter(change_set=change_set).order_by("number")
    if verdict in Verdict.values:
        rows = rows.filter(verdict=verdict)
    page = Paginator(rows, ROWS_SIZE).get_page(request.GET.get("page"))
    listed = list(page.object_list)
    alike = likes.of_rows(request.member, listed)
    return {
        "page_obj": page,
        "rows": [_row(row, alike.get(row.number)) for row in listed],
        "may_match": change_set.state == State.CHECKED,
        "counts": pages.counts(change_set, url=_url(request, change_set), current=verdict),
        "verdict": verdict,
        "base_query": without(request.GET, "page"),
    }


@require_POST
def match(request: MemberRequest, change_set_id: int, number: int) -> HttpResponse:
    """Take a row that would add something for what is possibly the same, and look again.

    Raises:
        NotFound: ``web.no_row``.
    """
    change_set = access.changeset_for(request.member, change_set_id)
    row = change_set.rows.filter(number=number, params__has_key="like_id").first()
    if row is None:
        raise NotFound("web.no_row", _("There is no such row. Reload the page."))
    matches = {**change_set.options.get("matches", {}), str(number): row.params["like_id"]}
    changesets.set_mapping(change_set, options={"matches": matches})
    changesets.check(change_set)
    return htmx.go(request, _url(request, change_set))


def _row(row: ChangeRow, like: likes.Like | None) -> dict[str, Any]:
    return {
        "like": like,
        "number": row.number,
        "verdict": row.verdict,
        "reason": pages.why(row),
        "cells": list(row.raw.items())[:6],
    }


def _running(request: MemberRequest, change_set: ChangeSet) -> dict[str, Any]:
    url = reverse("import-progress", args=[request.workspace.slug, change_set.pk])
    return {"progress": pages.progress(change_set, url=url)}


def _page(
    request: MemberRequest, change_set: ChangeSet, template: str, **context: Any
) -> HttpResponse:
    head = Page(
        title=pages.title(change_set),
        nav="imports",
        answer=pages.answer(change_set),
        crumbs=(_back(request),),
    )
    return shell.show(
        request, template, head, change_set=change_set, slug=request.workspace.slug, **context
    )


def _url(request: MemberRequest, change_set: ChangeSet) -> str:
    return reverse("import", args=[request.workspace.slug, change_set.pk])


def _back(request: MemberRequest) -> Crumb:
    return Crumb(name=_("Import"), url=reverse("imports", args=[request.workspace.slug]))
