"""Accounts of one human, and those that may be."""

from __future__ import annotations

from django.utils.translation import gettext

from qiao.org.access.queries.actors import others_of
from qiao.org.people.models import Account


def second_accounts(account: Account) -> list[str]:
    """What to say to whoever grants a role to an account whose human has another one, or seems to."""
    others = list(others_of(account))
    said = [
        gettext("%(name)s has a second account: both act as one, and what one did the other does not confirm.")
        % {"name": account.display_name}
        for _one in others[:1]
    ]
    alike = Account.objects.filter(display_name=account.display_name, is_active=True).exclude(
        pk__in=[account.pk, *(one.pk for one in others)]
    )
    if alike.exists():
        said.append(
            gettext(
                "Another account bears the name %(name)s. If it is the same person, grant the role again with the "
                "address of their own account, so that they do not check themselves."
            )
            % {"name": account.display_name}
        )
    return said
