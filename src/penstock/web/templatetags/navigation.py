"""Which pages stand in the bar of a phone."""

from __future__ import annotations

from django import template

from penstock.users.models import Member, Role

register = template.Library()

#: What each role opens most; the rest stands behind “More”. Five places are as many as words fit in.
FOUR: dict[str, tuple[str, ...]] = {
    Role.OWNER: ("today", "pipeline", "backlog", "insights"),
    Role.MANAGER: ("today", "pipeline", "leads", "insights"),
    Role.REP: ("today", "pipeline", "leads", "companies"),
    Role.OPERATIONS: ("today", "backlog", "outlook", "companies"),
    Role.VIEWER: ("pipeline", "backlog", "outlook", "insights"),
}


@register.simple_tag
def phone_pages(member: Member | None) -> tuple[str, ...]:
    """The four pages of the bar at the bottom of a phone."""
    return FOUR[member.role if member else Role.VIEWER]
