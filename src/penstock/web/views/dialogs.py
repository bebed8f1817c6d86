"""A small form in a dialog: asked, refused in place, or done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from penstock.base.errors import Conflict, RuleBroken
from penstock.web import htmx
from penstock.web.errors import CODE
from penstock.web.pages.due import Chip
from penstock.web.pages.likes import Like


def ask(  # noqa: PLR0913 -- a dialog says what, why and how
    request: HttpRequest,
    form: forms.BaseForm,
    *,
    title: str,
    submit: str,
    text: str = "",
    chips: Sequence[Chip] = (),
    before: str = "",
    likes: Sequence[Like] = (),
) -> HttpResponse:
    """Show a form in a dialog, or as a page without a script; 422 when it was refused.

    ``chips`` are answers that send the form at once; they stand ``before`` a field, or last. With
    ``likes`` it says what is possibly here already, and its button adds it all the same.
    """
    if likes:
        submit = _("Add it anyway")
    context = {
        "likes": likes,
        "dialog_id": "ask",
        "title": title,
        "text": text,
        "form": form,
        "action": request.get_full_path(),
        "submit": submit,
        "chips": chips,
        "chips_before": before,
    }
    template = "components/form_dialog.html" if htmx.is_htmx(request) else "web/ask.html"
    answer = render(request, template, context, status=422 if form.is_bound else 200)
    if code := getattr(form, "refusal", ""):
        answer[CODE] = code
    return answer


def attempt(form: forms.BaseForm, act: Callable[[], Any]) -> Any:
    """Run a verb with what a valid form says; a refusal becomes an error of the form, and None."""
    if not form.is_valid():
        return None
    try:
        return act()
    except (RuleBroken, Conflict) as error:
        form.refusal = error.code  # type: ignore[attr-defined]  # -- what the verb said, for the answer's header
        needed = [need for need in error.needs if need in form.fields]
        form.add_error(needed[0] if needed else None, error.message)
        return None


def is_new(request: HttpRequest, form: forms.BaseForm) -> bool:
    """Whether what a form asks to add is to be compared with what is here first."""
    return request.method == "POST" and "anyway" not in request.POST and form.is_valid()


class Nothing(forms.Form):
    """A form without fields: only whether it shall be done."""
