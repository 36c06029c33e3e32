from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.factories.deliver import Ground

from qiao.base.access import SYSTEM, Refused
from qiao.base.i18n import localized
from qiao.base.problems import Problem, Problems
from qiao.publish import queries, services
from qiao.publish.models import Article, Correction

TITLE, BODY = localized("夜班班车开通", "Night bus runs"), localized("第一段。\n\n第二段。", "One.\n\nTwo.")


def write(place: Ground, **more: object) -> Article:
    given = {"actor": place.actor("editor"), "now": place.now, "unit": place.one, "kind": "news"}
    return services.write_article(**{**given, "title": TITLE, "body": BODY, **more})  # type: ignore[arg-type]


def released(place: Ground, **more: object) -> Article:
    article = write(place, **more)
    services.submit_article(actor=place.actor("editor"), now=place.now, article_id=article.pk)
    return services.release_article(actor=place.actor("publisher"), now=place.now, article_id=article.pk)


def test_who_writes_does_not_release(place: Ground) -> None:
    article = write(place)
    with pytest.raises(Refused):
        services.release_article(actor=place.actor("editor"), now=place.now, article_id=article.pk)
    with pytest.raises(Problem, match="does not await release"):
        services.release_article(actor=place.actor("publisher"), now=place.now, article_id=article.pk)
    services.submit_article(actor=place.actor("editor"), now=place.now, article_id=article.pk)
    Article.objects.filter(pk=article.pk).update(written_by=place.accounts["publisher"].pk)
    with pytest.raises(Problem, match="somebody else"):
        services.release_article(actor=place.actor("publisher"), now=place.now, article_id=article.pk)


def test_released_once_however_often_it_is_sent(place: Ground) -> None:
    article = released(place)
    again = services.release_article(
        actor=place.actor("publisher"), now=place.now + timedelta(days=1), article_id=article.pk
    )
    assert again.published == place.now


def test_two_editors_at_once(place: Ground) -> None:
    article = write(place)
    change = {"actor": place.actor("editor"), "now": place.now, "article_id": article.pk, "kind": "news", "body": BODY}
    services.edit_article(**change, seen_version=1, title=localized("新"))
    with pytest.raises(Problem, match="Somebody else changed"):
        services.edit_article(**change, seen_version=1, title=localized("旧"))
    article.refresh_from_db()
    assert article.title == localized("新")


def test_a_notice_needs_its_expiry_and_leaves_after_it(place: Ground) -> None:
    with pytest.raises(Problem, match="needs a day"):
        write(place, kind="notice")
    article = released(place, kind="notice", expires=place.now + timedelta(days=10))
    assert list(queries.published(now=place.now)) == [article]
    assert not queries.published(now=place.now + timedelta(days=11)).exists()
    response = Client(headers={"accept-language": "en"}).get(f"/news/{article.pk}/")
    assert response.status_code == 410
    assert "Night bus" not in response.text


def test_a_release_for_later_shows_later(place: Ground) -> None:
    article = write(place)
    services.submit_article(actor=place.actor("editor"), now=place.now, article_id=article.pk)
    later = place.now + timedelta(days=2)
    services.release_article(actor=place.actor("publisher"), now=place.now, article_id=article.pk, publish_at=later)
    assert not queries.published(now=place.now).exists()
    assert queries.published(now=later).exists()


def test_personal_data_never_gets_in(place: Ground) -> None:
    with pytest.raises(Problems, match="identity number"):
        write(place, body=localized("获助职工 11010519491231002X"))
    assert not Article.objects.exists()


def test_a_correction_keeps_the_text_before(place: Ground) -> None:
    article = released(place)
    new, why = localized("只有一段。", "Only one."), localized("日期有误", "Wrong date")
    change = {"now": place.now, "article_id": article.pk, "title": TITLE, "body": new, "reason": why}
    with pytest.raises(Problem, match="Nothing was changed"):
        services.propose_correction(actor=place.actor("editor"), **{**change, "body": BODY})
    services.propose_correction(actor=place.actor("editor"), **change)
    article.refresh_from_db()
    assert article.body == BODY
    with pytest.raises(Refused):
        services.release_correction(actor=place.actor("editor"), now=place.now, article_id=article.pk)
    for _twice in range(2):
        services.release_correction(actor=place.actor("publisher"), now=place.now, article_id=article.pk)
    article.refresh_from_db()
    assert (article.body, article.state) == (new, "corrected")
    assert Correction.objects.get().old_body == BODY
    page = Client(headers={"accept-language": "en"}).get(f"/news/{article.pk}/").text
    assert "Only one." in page
    assert "Two." in page
    assert "Wrong date" in page


def test_drafts_are_for_the_newsroom_only(place: Ground) -> None:
    article = write(place)
    assert Client().get(f"/news/{article.pk}/").status_code == 404
    assert place.client("editor").get(f"/news/{article.pk}/").status_code == 200
    assert place.client("executive").get(f"/news/{article.pk}/").status_code == 404


def test_the_whole_way_in_a_browser(place: Ground) -> None:
    editor, publisher = place.client("editor"), place.client("publisher")
    form = {
        "unit": place.one.pk, "kind": "news", "title_0": "开通", "title_1": "Open", "title_zh_hans": "开通",
        "title_en": "Open", "body_zh_hans": "<b>第一段</b>", "body_en": "<b>One</b>",
    }  # fmt: skip
    bad = editor.post("/news/write/", {**form, "body_zh_hans": "13812345678"})
    assert bad.status_code == 422
    assert "signs 1 to 11" in bad.text
    made = editor.post("/news/write/", form, follow=True)
    assert made.status_code == 200
    article = Article.objects.get()
    editor.post(f"/news/{article.pk}/submit/")
    refused = publisher.post(f"/news/{article.pk}/release/", {})
    assert refused.status_code == 422
    publisher.post(f"/news/{article.pk}/release/", {"looked": "on"})
    page = Client(headers={"accept-language": "en"}).get(f"/news/{article.pk}/").text
    assert "&lt;b&gt;One&lt;/b&gt;" in page
    assert "<b>One</b>" not in page


def test_the_publishers_desk(place: Ground) -> None:
    article = write(place)
    assert queries.desk_items(actor=place.actor("publisher"), now=place.now) == []
    services.submit_article(actor=place.actor("editor"), now=place.now, article_id=article.pk)
    assert [item.url for item in queries.desk_items(actor=place.actor("publisher"), now=place.now)] == [
        f"/news/{article.pk}/"
    ]
    services.return_article(actor=place.actor("publisher"), now=place.now, article_id=article.pk, remark="日期？")
    article.refresh_from_db()
    assert (article.state, article.remark) == ("draft", "日期？")


def announced(place: Ground, number: int) -> None:
    for each in range(number):
        services.announce(actor=SYSTEM, now=place.now, unit=place.one, title=localized(f"消息{each}"), body=BODY)


def test_the_list_asks_as_much_for_30_as_for_1(place: Ground) -> None:
    client = Client()
    announced(place, 1)
    client.get("/news/")
    with CaptureQueriesContext(connection) as one:
        client.get("/news/")
    announced(place, 29)
    with CaptureQueriesContext(connection) as many:
        assert "page=2" in client.get("/news/").text
    assert len(many) == len(one)


def test_the_feed_is_atom(place: Ground) -> None:
    announced(place, 2)
    response = Client(headers={"accept-language": "zh-hans"}).get("/news/feed/")
    assert response.headers["Content-Type"].startswith("application/atom+xml")
    tree = ET.fromstring(response.content)
    space = {"a": "http://www.w3.org/2005/Atom"}
    assert [entry.findtext("a:title", namespaces=space) for entry in tree.findall("a:entry", space)] == [
        "消息1",
        "消息0",
    ]
    link = tree.find("a:entry/a:link", space)
    assert link is not None
    assert link.attrib["href"].startswith("http://testserver/news/")
