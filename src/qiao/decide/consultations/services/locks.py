"""Holding the row of a consultation: two officers at once, or a late vote beside the close, wait for each other."""

from __future__ import annotations

from django.db import connection

from qiao.base.problems import Problem
from qiao.decide.consultations.choices import ConsultationState
from qiao.decide.consultations.models import Consultation
from qiao.decide.consultations.rules import may_become


def held(code: str) -> Consultation:
    """The consultation, locked until the transaction ends; raises Consultation.DoesNotExist."""
    return Consultation.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)


def shared(consultation_id: int) -> Consultation:
    """The consultation, kept from changing until the transaction ends; many may hold it so at once.

    Votes and opinions hold it: none can come in after the close has begun to count.
    """
    table = connection.ops.quote_name(Consultation._meta.db_table)
    sql = f"SELECT * FROM {table} WHERE id = %s FOR SHARE"  # noqa: S608 - the name of our own table
    (found,) = Consultation.objects.raw(sql, [consultation_id])
    return found


def demand(consultation: Consultation, wanted: ConsultationState) -> None:
    """Raise Problem unless the consultation may become ``wanted``."""
    if not may_become(consultation.state, wanted):
        raise Problem(
            "The consultation is “%(state)s” and cannot become “%(wanted)s”.",
            state=str(consultation.get_state_display()), wanted=str(wanted.label),
        )  # fmt: skip
