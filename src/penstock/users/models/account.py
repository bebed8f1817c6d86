"""A person who can sign in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> Account:
        """Make an account that can sign in with this address."""
        if not email:
            raise ValueError("an account needs an e-mail address")
        account = self.model(email=self.normalize_email(email).lower(), **extra)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> Account:
        """Make an account with all of Django's permissions."""
        return self.create_user(email, password, is_superuser=True, is_staff=True, **extra)


class Account(AbstractBaseUser, PermissionsMixin):
    """A sign-in. What it may see is said by its memberships, one per workspace."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    language = models.CharField(_("language"), max_length=8, blank=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.email

    def get_full_name(self) -> str:
        """Name, or the address when no name was given."""
        return self.name.strip() or self.email

    def get_short_name(self) -> str:
        """First word of the name."""
        return self.get_full_name().split()[0]
