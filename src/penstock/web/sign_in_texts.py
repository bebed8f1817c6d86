"""Texts of the sign-in pages that Penstock says in its own Russian words.

The pages belong to django-allauth, whose Russian catalogue says some of them awkwardly. Ours is
asked first: a text that is named here is collected with our own, and translated beside them.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy

TEXTS = (
    _("Sign Up"),
    _("If you have not created an account yet, then please %(link)ssign up%(end_link)s first."),
    _("Successfully signed in as %(name)s."),
    _("Confirm Access"),
    _("Please reauthenticate to safeguard your account."),
    _("Request Code"),
    _("Or use a third-party"),
    _("Account Inactive"),
    _("This account is inactive."),
    _("Unknown Account"),
    _("Account Connections"),
)
PASSWORDS = (
    _("Forgot your password?"),
    _(
        "Forgotten your password? Enter your email address below, and we'll send you an email "
        "allowing you to reset it."
    ),
    _("Reset My Password"),
    _("Please contact us if you have any trouble resetting your password."),
    _(
        "We have sent you an email. If you have not received it please check your spam folder. "
        "Otherwise contact us if you do not receive it in a few minutes."
    ),
    _("Please type your current password."),
    _("You must type the same password each time."),
    _("Your account has no password set up."),
    _("Password Changed"),
    _("Password Set"),
)
ADDRESSES = (
    _("Current email"),
    _("Changing to"),
    _("Change Email"),
    _("Cancel Change"),
    _("Add Email"),
    _("Email Removed"),
    _("Please Confirm Your Email Address"),
    _("Verify Your Email Address"),
    _("Your email verification code is listed below. Please enter it in your open browser window."),
    _("Your sign-in code is listed below. Please enter it in your open browser window."),
    _(
        "You currently do not have any email address set up. You should really add an email "
        "address so you can receive notifications, reset your password, etc."
    ),
)
SECOND_FACTORS = (
    _("Authenticator App"),
    _("An authenticator app is not active."),
    _("Authentication using an authenticator app is active."),
    _("Activate"),
    _("Deactivate"),
    _("Activate Authenticator App"),
    _("Deactivate Authenticator App"),
    _("Authenticator app activated."),
    _("Authenticator app deactivated."),
    _("Authenticator App Activated"),
    _("Authenticator App Deactivated"),
    _("Authenticator secret"),
    _("You can store this secret and use it to reinstall your authenticator app at a later time."),
    _("No security keys have been added."),
    _("This key does not indicate whether it is a passkey."),
    _("No recovery codes set up."),
    _("Generate"),
    _("Generate new codes"),
    _("New Recovery Codes Generated"),
    ngettext_lazy(
        "You have added %(count)s security key.", "You have added %(count)s security keys.", "count"
    ),
    ngettext_lazy(
        "There is %(unused_count)s out of %(total_count)s recovery codes available.",
        "There are %(unused_count)s out of %(total_count)s recovery codes available.",
        "unused_count",
    ),
)
