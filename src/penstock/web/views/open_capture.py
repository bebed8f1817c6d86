"""A form that a visitor fills in: on a page of its own, in a frame, or sent by a form elsewhere."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from penstock.base import tracking
from penstock.base.errors import NotAllowed
from penstock.sales import capture_forms, captures
from penstock.sales.captures import Sent
from penstock.sales.models import CaptureForm
from penstock.users.middleware import OpenRequest
from penstock.web import headers
from penstock.web.forms.open_capture import TRAP, VisitorForm
from penstock.web.limits import is_spent, limited
from penstock.web.views import dialogs

THANKS = "thanks"
#: More than all fields together can hold.
LARGEST = 64 * 1024
#: So many sendings a minute from one address are people in one office; more are a machine.
SENT_PER_MINUTE = 10
CONFIRM = {
    "none": _("Please check what you entered, then send it."),
    "old": _("This page was open for very long. Please check what you entered, then send it."),
    "quick": _("That was very quick. Please check what you entered, then send it."),
}


# Nobody is signed in here, so there is nothing that a foreign site could do in somebody's name; a
# cookie would be missing in a frame. What is sent is guarded by a mark of its own.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@limited
def show(request: OpenRequest, token: str) -> HttpResponseBase:
    """Show the form; take in what is sent, once."""
    form = capture_forms.found_by(request.workspace, token)
    if int(request.headers.get("Content-Length") or 0) > LARGEST:
        return _framed(render(request, "open/form_too_large.html", status=413), form)
    if request.method != "POST":
        return _framed(_page(request, form, _asked(request, form, None)), form)
    _check_origin(request, form)
    address = request.META.get("REMOTE_ADDR", "")
    if is_spent(f"capture:{form.pk}:{address}", most=SENT_PER_MINUTE):
        return _framed(render(request, "open/too_often.html", status=429), form)
    return _framed(_take(request, form), form)


@require_GET
@limited
def embed(request: OpenRequest, token: str) -> HttpResponse:
    """The script that another site loads: it puts the form there in a frame, and says where it is."""
    form = capture_forms.found_by(request.workspace, token)
    url = request.build_absolute_uri(
        reverse("open-form", args=[request.workspace.slug, form.token])
    )
    answer = render(
        request, "open/embed.js", {"url": url, "name": form.name}, content_type="text/javascript"
    )
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _take(request: OpenRequest, form: CaptureForm) -> HttpResponse:
    asked = _asked(request, form, request.POST)
    name, wrong = asked.guards.read(request.POST.get("guard", ""))
    if wrong:
        return _confirm(request, form, asked, wrong=wrong)
    done = dialogs.attempt(asked, lambda: captures.take(form, _sent(asked, name)))
    if done is None:
        return _page(request, form, asked, status=422)
    return redirect(f"{request.path}?{THANKS}")


def _sent(asked: VisitorForm, name: str) -> Sent:
    told = asked.cleaned_data
    trace = tracking.read(told["page"], referrer=told["referrer"])
    return Sent(
        answers=asked.answers,
        source_key=f"form:{name}",
        trace=trace,
        page=trace.landing,
        agrees=bool(told.get("agrees")),
        doubt="trap" if told.get(TRAP) else "",
    )


def _confirm(
    request: OpenRequest, form: CaptureForm, asked: VisitorForm, *, wrong: str
) -> HttpResponse:
    """Show what was sent once more: a person sends it with one click, a machine does not."""
    given = {name: request.POST.get(name, "") for name in asked.fields}
    if wrong != "quick":
        given["guard"] = asked.guards.new()
    again = VisitorForm(
        None, form=form, consent=capture_forms.consent_of(form), initial=_from(request) | given
    )
    return _page(request, form, again, note=str(CONFIRM[wrong]))


def _asked(request: OpenRequest, form: CaptureForm, data: Any) -> VisitorForm:
    return VisitorForm(
        data, form=form, consent=capture_forms.consent_of(form), initial=_from(request)
    )


def _from(request: OpenRequest) -> dict[str, str]:
    """Where the visitor is: a frame says so in its address, otherwise it is this page."""
    here = request.build_absolute_uri()
    came_from = request.headers.get("Referer", "")
    return {
        "page": tracking.clean_address(request.GET.get("page", "") or here),
        "referrer": tracking.clean_address(
            request.GET.get("ref", "") if "page" in request.GET else came_from
        ),
    }


def _page(
    request: OpenRequest,
    form: CaptureForm,
    asked: VisitorForm,
    *,
    note: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "capture": form,
        "form": asked,
        "note": note,
        "is_sent": THANKS in request.GET and request.method != "POST",
        "is_framed": "page" in request.GET,
        # Without it a browser would not say that the form is sent from this page.
        "referrer": "same-origin",
    }
    return render(request, "open/form.html", context, status=status)


def _check_origin(request: OpenRequest, form: CaptureForm) -> None:
    """A form elsewhere may send here only from a site that the settings name.

    Raises:
        NotAllowed: ``web.origin``.
    """
    origin = request.headers.get("Origin", "").lower()
    own = f"{request.scheme}://{request.get_host()}".lower()
    if origin in ("", own) or origin in form.origins:
        return
    raise NotAllowed(
        "web.origin",
        _(
            "This form may not be sent from there. Open the form on its own page, and send it there."
        ),
    )


def _framed(answer: HttpResponse, form: CaptureForm) -> HttpResponse:
    """Let the sites that the settings name show the page in a frame."""
    if form.origins:
        answer["Content-Security-Policy"] = headers.policy(framed_by=form.origins)
        answer.xframe_options_exempt = True
    return answer
