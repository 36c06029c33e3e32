"""What must not stand anywhere: fields the platform refuses to hold."""

from __future__ import annotations

import re

from django.apps import apps

REFUSED = re.compile(
    r"ethnic|religio|party_member|political|ideolog|loyalt|stabilit|petition|risk_score|nationality", re.IGNORECASE
)


def test_no_model_holds_a_refused_field() -> None:
    fields = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if model.__module__.startswith("qiao.")
    ]
    assert [name for name in fields if REFUSED.search(name)] == []
