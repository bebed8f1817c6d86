"""What is wrong with the data?"""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from penstock.reports import quality
from penstock.users.middleware import MemberRequest
from penstock.web import figures
from penstock.web.pages.base import Definition, Page
from penstock.web.views import shell


@require_GET
def show(request: MemberRequest) -> HttpResponse:
    """Findings counted by kind, with examples."""
    found = quality.findings(request.member)
    n = sum(one.n for one in found)
    return shell.show(
        request,
        "web/quality/page.html",
        Page(
            title=_("Data quality"),
            nav="backlog",
            answer=_answer(n),
            definition=Definition(
                text=_(
                    "A finding is a record that cannot be so, such as a delivery before the "
                    "acceptance. It is counted and shown; nothing is changed or dropped in silence."
                ),
                n=figures.number(n),
            ),
        ),
        found=found,
        slug=request.workspace.slug,
    )


def _answer(n: int) -> str:
    if not n:
        return _("Nothing impossible was found.")
    return ngettext(
        "%(n)s record cannot be so, or needs a decision.",
        "%(n)s records cannot be so, or need a decision.",
        n,
    ) % {"n": figures.number(n)}
