"""Persons of the register, and accounts that sign in."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from qiao.base.i18n import LANGUAGES


class Person(models.Model):
    """One worker. No field of this table, nor any to come, may hold what the deny-list names."""

    name = models.CharField(max_length=80)
    language = models.CharField(max_length=12, default=LANGUAGES[0])

    class Meta:
        # By operator class, so that a search for the beginning of a name uses it under any collation.
        # With the key, so that a page of hits is read from the index alone, in its order.
        indexes = [
            models.Index(fields=["name", "id"], opclasses=["varchar_pattern_ops", "int8_ops"], name="person_by_name")
        ]

    def __str__(self) -> str:
        return self.name


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by e-mail whatever its case."""

    def get_by_natural_key(self, username: str | None) -> Account:
        """The account with this address."""
        return self.get(email__iexact=username or "")


class Account(AbstractBaseUser):
    """What signs in: an address, a password or a mailed code. Most members of the register have none."""

    email = models.EmailField(unique=True)
    person = models.OneToOneField(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="account")
    display_name = models.CharField(max_length=80)
    is_active = models.BooleanField(default=True)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="account_email_once")]

    def __str__(self) -> str:
        return self.display_name
