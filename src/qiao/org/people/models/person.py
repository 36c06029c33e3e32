"""Persons of the register, and accounts that sign in."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from qiao.base.i18n import LANGUAGES


class Person(models.Model):
    """One worker. No field of this table, nor any to come, may hold what the deny-list names."""

    name = models.CharField(max_length=80)
    language = models.CharField(max_length=12, default=LANGUAGES[0])
    #: How often the person made the cards they had invalid, after losing one: older ones hold a smaller number.
    cards_ended = models.PositiveIntegerField(default=0, db_default=0)

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
        return self.exclude(email="").get(email__iexact=username or "")


class Account(AbstractBaseUser):
    """What signs in: by a mail address, or by the mobile number of its person. Most members of the register have none.

    ``email`` is empty for a person with only a mobile number: the number stands with the person's contacts, sealed.
    """

    email = models.EmailField(blank=True)
    person = models.OneToOneField(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="account")
    #: The first account of the same human, where this is another one (of an office): they act as one.
    same_as = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="others")
    display_name = models.CharField(max_length=80)
    is_active = models.BooleanField(default=True)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), condition=~Q(email=""), name="account_email_once"),
            # Once bound to its person, an account without an address signs in by the person's number alone.
            models.CheckConstraint(
                condition=~Q(email="") | Q(person__isnull=False) | Q(is_active=False), name="account_has_a_way_in"
            ),
            models.CheckConstraint(condition=Q(same_as__isnull=True) | ~Q(same_as=F("pk")), name="account_not_its_own"),
        ]

    def __str__(self) -> str:
        return self.display_name
