"""Every page that a browser can open, by the name of its address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page

#: A day on which the sample company was already at work.
PAST = f"on={datetime.now(UTC).date() - timedelta(days=90)}"


@dataclass(frozen=True, slots=True)
class Behind:
    """The page behind the first link of another page."""

    path: str
    link: str = "main tbody th a"
    query: str = ""


PAGES: dict[str, str | Behind] = {
    "pipeline": "pipeline",
    "pipeline-list": "pipeline?view=list",
    "pipeline-past": f"pipeline?{PAST}",
    "pipeline-list-past": f"pipeline?view=list&{PAST}",
    "pipeline-nothing": "pipeline?view=list&q=zzzz",
    "closed-deals": "pipeline/closed?window=365",
    "closed-deals-past": f"pipeline/closed?by=channel&window=quarter&{PAST}",
    "deal": Behind("pipeline?view=list"),
    "deal-won": Behind("pipeline?view=list&state=won"),
    "create-deal": "deals/new",
    "deal-past": Behind(f"pipeline?view=list&{PAST}", query=f"?{PAST}"),
    "companies": "companies",
    "company": Behind("companies"),
    "person": Behind("search?q=an", link="main a[href*='/people/']"),
    "backlog": "backlog",
    "backlog-past": f"backlog?{PAST}",
    "backlog-board": "backlog/board",
    "backlog-board-work": "backlog/board?of=work",
    "backlog-statement": "backlog/statement",
    "backlog-entries": "backlog/entries",
    "order": Behind("backlog", link="#queue tbody a"),
    "order-past": Behind(f"backlog?{PAST}", link="#queue tbody a"),
    "create-order": "orders/new",
    "outlook": "outlook",
    "outlook-past": f"outlook?{PAST}",
    "insights-funnel": "insights/funnel",
    "insights-funnel-deals": "insights/funnel/deals",
    "insights-times": "insights/times?window=365",
    "insights-bridge": "insights/bridge?window=90",
    "insights-bridge-past": f"insights/bridge?window=quarter&opening=then&of=due&{PAST}",
    "insights-bridge-deals": "insights/bridge/deals?line=closing",
    "insights-losses": "insights/losses",
    "insights-losses-deals": "insights/losses/deals",
    "insights-customers": "insights/customers",
    "insights-customers-deals": "insights/customers/deals?kind=new",
    "insights-customers-list": "insights/customers/list?standing=regular",
    "quality": "quality",
    "imports": "imports",
    "import-new": "imports/new",
    "search": "search?q=an",
    "search-nothing": "search?q=zzzz",
    "settings": "settings",
    "members": "settings/members",
    "pipelines": "settings/pipelines",
    "loss-reasons": "settings/reasons",
    "satisfaction": "insights/satisfaction",
    "followup-rules": "settings/followups",
    "calendar": "settings/working-time",
    "products": "settings/products",
    "teams": "settings/teams",
    "rates": "settings/rates",
    "proposals": "proposals",
    "proposals-differing": "proposals/differing",
    "proposal": Behind("proposals"),
    "proposal-changes": Behind("proposals", query="/changes"),
    "proposal-settings": "settings/proposals",
    "proposal-template": "settings/proposals/templates/en",
    "found-workspace": "/workspaces/new",
    "account-email": "/accounts/email/",
    "account-password": "/accounts/password/change/",
    "account-mfa": "/accounts/2fa/",
    "account-sign-out": "/accounts/logout/",
}

#: Addresses that only take something in, pieces of pages, and dialogs, which other tests open.
NO_PAGES = {
    "activity-cancel",
    "activity-done",
    "activity-due",
    "activity-edit",
    "activity-log",
    "activity-new",
    "activity-undo",
    "backlog-column",
    "backlog-export",
    "closed-deals-export",
    "companies-export",
    "pipeline-export",
    "calendar-day-remove",
    "calendar-days",
    "calendar-new",
    "company-create",
    "company-edit",
    "deal-disqualify",
    "deal-facts",
    "deal-people",
    "deal-person-remove",
    "deal-qualify",
    "events",
    "followup-ask",
    "followup-cancel",
    "followup-plan",
    "followup-restore",
    "followup-rule",
    "followup-rule-new",
    "followup-rule-retire",
    "home",
    "import",
    "import-apply",
    "import-check",
    "import-mapping",
    "import-progress",
    "import-revert",
    "insights",
    "item-move-undo",
    "item-moves",
    "item-reopen",
    "item-unpark",
    "loss-reason",
    "loss-reason-new",
    "loss-reason-retire",
    "member-deactivate",
    "member-new",
    "member-role",
    "open-survey",
    "claim-new",
    "claim-replace",
    "claim-withdraw",
    "deal-person-part",
    "open-proposal",
    "open-proposal-accept",
    "open-proposal-comment",
    "open-proposal-decline",
    "open-proposal-logo",
    "open-proposal-pdf",
    "open-proposal-seen",
    "order-accept",
    "order-cancellations",
    "order-dates",
    "order-deliveries",
    "order-dismiss",
    "order-line",
    "order-moves",
    "person-create",
    "person-edit",
    "person-erase",
    "pipeline-column",
    "pipeline-more",
    "pipeline-new",
    "product",
    "product-new",
    "product-price",
    "product-retire",
    "rate-correct",
    "rate-new",
    "rate-withdraw",
    "stage",
    "stage-new",
    "stage-retire",
    "stages-order",
    "switch-workspace",
    "proposal-answer",
    "proposal-comment",
    "proposal-discard",
    "proposal-document",
    "proposal-edit",
    "proposal-link",
    "proposal-logo",
    "proposal-mail",
    "proposal-new",
    "proposal-reopen",
    "proposal-revise",
    "proposal-revoke",
    "proposal-send",
    "proposal-sums",
    "proposal-withdraw",
    "team",
    "team-new",
    "team-retire",
    "work-moves",
    "workspace",
}

#: Pages for those who are not signed in.
STRANGERS = {
    "sign-in": "/accounts/login/",
    "sign-up": "/accounts/signup/",
    "forgotten": "/accounts/password/reset/",
}


def go(page: Page, to: str | Behind) -> None:
    """Open a page; paths count from the workspace."""
    if isinstance(to, Behind):
        page.goto(to.path)
        url = page.locator(to.link).first.get_attribute("href")
        assert url, f"{to.path} has no {to.link}"
        page.goto(url + to.query)
    else:
        page.goto(to)
