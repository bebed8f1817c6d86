"""Who may make an account."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class Accounts(DefaultAccountAdapter):
    """Accounts are made by signing up, unless the operator closed that, and by invitations."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """What the operator set; single sign-on asks the same."""
        return bool(settings.IS_SIGNUP_OPEN)
