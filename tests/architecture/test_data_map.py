"""The data map names every table there is, with all that belongs to it."""

from __future__ import annotations

import re
from pathlib import Path

from django.apps import apps

PRIVACY = Path(__file__).resolve().parents[2] / "docs" / "privacy"
CLASSES = {"public", "internal", "sensitive", "sealed", "none"}
BASES = ("membership", "consent", "duty", "office", "vital interest")


def lines() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in (PRIVACY / "data-map.md").read_text(encoding="utf-8").splitlines():
        if match := re.match(r"^\| `([a-z_]+\.[A-Za-z]+)` \|(.*)\|$", line):
            assert match[1] not in found, match[1]
            found[match[1]] = [cell.strip() for cell in match[2].split("|")]
    return found


def test_every_table_stands_in_the_map_and_no_other() -> None:
    tables = {model._meta.label for model in apps.get_models()}
    told = set(lines())
    assert (sorted(tables - told), sorted(told - tables)) == ([], [])


def test_a_table_with_personal_data_says_why_how_long_and_who() -> None:
    faulty = [
        table
        for table, (what, kind, purpose, basis, kept, who) in lines().items()
        if kind not in CLASSES
        or not what
        or (kind != "none" and ("–" in {purpose, kept, who} or not basis.startswith(BASES)))
    ]
    assert faulty == []


def test_no_table_has_a_field_that_must_not_exist() -> None:
    # Fields no worker's record may have, whatever they are called: ethnicity, religion, party, opinion, risk, place.
    forbidden = re.compile(
        r"ethnic|religio|faith|party_member|politic|ideolog|loyal|stability|petitioner|risk_|score_of|gps|location_trail"
    )
    found = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if forbidden.search(field.name)
    ]
    assert found == []
