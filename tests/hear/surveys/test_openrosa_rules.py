"""What an app sends is held against the rules of the form; who collects is told which question is at fault."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from qiao.base import clock
from qiao.base.i18n import localized
from qiao.hear.surveys import queries, services
from qiao.hear.surveys.models import Round, SealedAnswer
from qiao.org.access.choices import Role
from tests.factories.hear import Town, workbook
from tests.hear.surveys.opened import values_of
from tests.hear.surveys.test_openrosa import collecting, instance, send
from tests.hear.surveys.test_openrosa import today as today

HEAD = ("type", "name", "label::中文 (zh)", "label::English (en)", "relevant", "required", "constraint", "calculation")
ROWS = (
    HEAD,
    ("start", "began", "", "", "", "", "", ""),
    ("end", "ended", "", "", "", "", "", ""),
    ("select_one shift", "ws_shift", "班次？", "Shift?", "", "", "", ""),
    ("text", "bus", "夜班车？", "Night bus?", "${ws_shift} = 'night'", "yes", "", ""),
    ("date", "since", "何时开始？", "Since when?", "", "", ". <= today()", ""),
    ("calculate", "hard", "", "", "", "", "", "if(${ws_shift} = 'night', 1, 0)"),
    ("begin repeat", "child", "孩子", "Child", "", "", "", ""),
    ("integer", "years", "几岁？", "How old?", "", "yes", ". < 40", ""),
    ("text", "nursery", "哪家托育？", "Which nursery?", "${years} < 3", "", "", ""),
    ("end repeat", "", "", "", "", "", "", ""),
)


def asked(town: Town) -> tuple[Round, str]:
    """An open round of volunteers over this form, and a collector's token."""
    version = services.upload_questionnaire(
        actor=town.actor(Role.SURVEY_OWNER), now=town.now, unit=town.root, title=localized("规则", "Rules"),
        file_name="rules.xlsx", content=workbook(ROWS),
    )  # fmt: skip
    return collecting(town, asked="volunteers", version=queries.version_by_id(version.pk))


def test_answers_that_do_not_apply_are_not_stored(today: Town, client: Client) -> None:
    survey, token = asked(today)
    told = (
        "<ws_shift>day</ws_shift><bus>at ten</bus><hard>0</hard>"
        "<child><years>7</years><nursery>none</nursery></child><child><years>2</years><nursery>A</nursery></child>"
    )
    assert send(client, token, instance(survey, told)).status_code == 201
    assert values_of(survey) == [
        {"ws_shift": "day", "hard": "0", "child": [{"years": 7}, {"years": 2, "nursery": "A"}]}
    ]


@pytest.mark.parametrize(
    ("told", "english", "chinese"),
    [
        ("<ws_shift>night</ws_shift>", "Night bus?", "夜班车？"),
        ("<child><nursery>A</nursery></child>", "How old?", "几岁？"),
        ("<child><years>41</years></child>", "How old?", "几岁？"),
        ("<ended>2026-03-01T09:00:00.000+08:00</ended><since>2026-03-02</since>", "Since when?", "何时开始？"),
    ],
)
def test_what_is_missing_or_does_not_fit_is_refused_with_its_question(
    today: Town, client: Client, told: str, english: str, chinese: str
) -> None:
    survey, token = asked(today)
    for language, question in (("en", english), ("zh-hans", chinese)):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        refused = send(client, token, instance(survey, told))
        assert refused.status_code == 400
        assert question in refused.content.decode()
    assert not SealedAnswer.objects.exists()


@pytest.mark.parametrize(
    "times",
    [
        "",
        "<began>2026-03-01T23:50:00.000+08:00</began><ended>2026-03-02T00:05:00.000+08:00</ended>",
        "<ended>not a day</ended>",
        "<ended>2026-03-02T00:05:00.000+14:00</ended>",
    ],
)
def test_the_date_is_not_judged_where_the_phone_tells_none_or_two(today: Town, client: Client, times: str) -> None:
    survey, token = asked(today)
    late = f"{clock.now().date().replace(year=2100)}"
    since = "2026-03-02" if "+14:00" in times else late
    assert send(client, token, instance(survey, f"{times}<since>{since}</since>")).status_code == 201
    (values,) = values_of(survey)
    # When it was filled in is used for this and forgotten.
    assert values == {"since": since}


def test_a_calculation_of_the_app_is_believed(today: Town, client: Client) -> None:
    survey, token = asked(today)
    told = "<ws_shift>day</ws_shift><hard>1</hard>"
    assert send(client, token, instance(survey, told)).status_code == 201
    assert values_of(survey) == [{"ws_shift": "day", "hard": "1"}]
