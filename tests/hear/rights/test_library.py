"""Articles: written, checked by another, published, replaced, expired; found by place and by wording; services."""

from __future__ import annotations

import io
import threading
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from qiao.base.access import SYSTEM, Refused
from qiao.base.clock import now as read_now
from qiao.base.i18n import localized
from qiao.base.problems import Problem, Problems
from qiao.hear.rights import queries, services
from qiao.hear.rights.choices import VersionState
from qiao.hear.rights.exports import offers_workbook
from qiao.hear.rights.models import Article, Offer, OfferBody, Version
from qiao.hear.rights.rules.articles import read_basis
from qiao.hear.window.models import Request
from qiao.org.access.choices import Role
from tests.factories.org import Tree, make_tree, write, xlsx
from tests.factories.window import desk, filed, reach

pytestmark = pytest.mark.django_db
LAW = [{"law": "劳动法", "number": "第44条", "date": "1995-01-01"}]


@pytest.fixture
def tree() -> Tree:
    return make_tree(read_now() - timedelta(days=3))


def wording(zh: str = "加班费怎么算？", en: str = "How is overtime paid?", **more: object) -> services.Wording:
    given = {
        "question": localized(zh, en), "answer": localized("平日一倍半。", "One and a half times."), "basis": LAW,
        "holds_since": date(2020, 1, 1), **more,
    }  # fmt: skip
    return services.Wording(**given)  # type: ignore[arg-type]


def publish(tree: Tree, label: str = "F", topic: str = "pay", over: Article | None = None, **more: object) -> Article:
    made = services.write_article(
        actor=tree.officer(Role.DESK_OFFICER, "F"), now=tree.now, unit=tree[label], topic=topic,
        wording=wording(**more), overrides=over,  # type: ignore[arg-type]
    )  # fmt: skip
    code = made.article.code
    services.check_version(actor=tree.officer(Role.CASE_HANDLER, "F"), now=tree.now, code=code)
    services.publish_version(actor=tree.officer(Role.ORG_OFFICER, "F"), now=tree.now, code=code)
    return made.article


def found(tree: Tree, label: str, text: str = "") -> list[str]:
    return [one.code for one in queries.search_articles(text, tree[label].path, read_now().date())]


def test_nobody_checks_their_own_and_nothing_is_public_before(tree: Tree) -> None:
    both = tree.officer(Role.CASE_HANDLER, "F", "both")
    made = services.write_article(actor=both, now=tree.now, unit=tree["F"], topic="pay", wording=wording())
    code = made.article.code
    with pytest.raises(Problem):
        services.check_version(actor=both, now=tree.now, code=code)
    org = tree.officer(Role.ORG_OFFICER, "F")
    with pytest.raises(Problem):
        services.publish_version(actor=org, now=tree.now, code=code)
    assert found(tree, "B1") == []
    assert Client().get(f"/hear/rights/{code}/").status_code == 404
    for _twice in range(2):
        services.check_version(actor=org, now=tree.now, code=code)
        services.publish_version(actor=org, now=tree.now, code=code) if _twice else None
    services.publish_version(actor=org, now=tree.now, code=code)
    assert found(tree, "B1") == [code]
    with pytest.raises(IntegrityError):
        Version.objects.filter(article__code=code).update(checked_by=both.account_id)


def test_a_new_version_replaces_the_old_one_only_when_published(tree: Tree) -> None:
    article = publish(tree)
    write_, check = tree.officer(Role.DESK_OFFICER, "F"), tree.officer(Role.CASE_HANDLER, "F")
    services.revise_article(actor=write_, now=tree.now, code=article.code, wording=wording("加班费怎样计算？"))
    assert queries.articles_at(tree["F"].path, read_now().date())[0].version.number == 1
    services.check_version(actor=check, now=tree.now, code=article.code)
    with pytest.raises(Problem):
        services.revise_article(actor=write_, now=tree.now, code=article.code, wording=wording())
    services.send_back_version(actor=check, now=tree.now, code=article.code)
    services.revise_article(actor=write_, now=tree.now, code=article.code, wording=wording("加班费如何计算？"))
    services.check_version(actor=check, now=tree.now, code=article.code)
    services.publish_version(actor=write_, now=tree.now, code=article.code)
    assert [(one.number, one.state) for one in article.versions.all()] == [
        (1, VersionState.REPLACED), (2, VersionState.PUBLISHED),
    ]  # fmt: skip
    services.withdraw_version(actor=write_, now=tree.now, code=article.code)
    assert found(tree, "F") == []
    with pytest.raises(Problem):
        services.withdraw_version(actor=write_, now=tree.now, code=article.code)


def test_a_place_replaces_what_comes_from_above_for_itself_and_below(tree: Tree) -> None:
    above = publish(tree)
    own = publish(tree, "D1", over=above)
    assert [found(tree, label) for label in ("F", "D2", "D1", "B1")] == [
        [above.code], [above.code], [own.code], [own.code],
    ]  # fmt: skip
    with pytest.raises(Problem):
        publish(tree, "D1", over=above)
    with pytest.raises(Problem):
        publish(tree, "D2", over=own)
    services.withdraw_version(actor=tree.officer(Role.ORG_OFFICER, "F"), now=tree.now, code=own.code)
    assert found(tree, "B1") == [above.code]


def test_others_units_are_not_theirs(tree: Tree) -> None:
    elsewhere = tree.officer(Role.DESK_OFFICER, "D2")
    with pytest.raises(Refused):
        services.write_article(actor=elsewhere, now=tree.now, unit=tree["D1"], topic="pay", wording=wording())
    code = publish(tree).code
    with pytest.raises(Refused):
        services.withdraw_version(actor=elsewhere, now=tree.now, code=code)
    assert tree.client(Role.DESK_OFFICER, "D2").get(f"/hear/rights/desk/{code}/").status_code == 404


def test_what_holds_no_longer_expires_and_what_is_not_confirmed_says_so(tree: Tree) -> None:
    ending = publish(tree, holds_until=read_now().date())
    staying = publish(tree, zh="年假几天？", en="How many days of leave?")
    later = tree.now + timedelta(days=400)
    assert services.expire_due(actor=SYSTEM, now=later) == 1
    assert services.expire_due(actor=SYSTEM, now=later) == 0
    with pytest.raises(Refused):
        services.expire_due(actor=tree.officer(Role.ORG_OFFICER, "F"), now=later)
    assert ending.versions.get().state == VersionState.EXPIRED
    checker = tree.officer(Role.CASE_HANDLER, "F")
    assert [item.url for item in queries.desk_items(actor=checker, now=later)] == [f"/hear/rights/desk/{staying.code}/"]
    assert queries.suggested("年假几天？", tree["F"].path, later.date()) == []
    assert queries.articles_at(tree["F"].path, later.date())[0].stale
    services.confirm_version(actor=checker, now=later, code=staying.code)
    assert queries.desk_items(actor=checker, now=later) == []
    with pytest.raises(Problem):
        services.confirm_version(actor=tree.officer(Role.ORG_OFFICER, "F"), now=later, code=ending.code)


@pytest.mark.parametrize(
    "more",
    [
        {"question": localized("只有中文")}, {"answer": {}}, {"basis": []}, {"answer": localized("长" * 4000, "x")},
        {"answer": localized("打 13800138000", "call")}, {"holds_until": date(2019, 1, 1)},
    ],
)  # fmt: skip
def test_a_wording_that_lacks_something_is_refused_with_its_place(tree: Tree, more: dict[str, object]) -> None:
    with pytest.raises((Problem, Problems)):
        publish(tree, **more)
    assert Article.objects.count() == 0


def test_lines_of_law_are_read_with_their_line() -> None:
    assert read_basis("劳动法｜第44条 | 1995-01-01\n\n工资支付暂行规定")[1] == {
        "law": "工资支付暂行规定", "number": "", "date": "",
    }  # fmt: skip
    with pytest.raises(Problems) as fault:
        read_basis("劳动法 | 44 | gestern\n | x\na|b|2020-01-01|d")
    assert [one.place.row for one in fault.value.faults] == [1, 2, 3]


@pytest.mark.parametrize(
    "text",
    ["加班费", "加班費怎麼算", "overtime", "周末上班没有给钱", "国庆值班三倍工资", "How is OVERTIME paid"],
)
def test_the_search_forgives_wording_script_and_case(tree: Tree, text: str) -> None:
    code = publish(tree, words="周末 上班 国庆 值班 三倍").code
    publish(tree, zh="年休假有几天？", en="How many days of annual leave?", topic="hours")
    publish(tree, zh="工伤怎么申报？", en="How is an injury reported?", topic="safety")
    assert found(tree, "B1", text)[0] == code


def test_the_same_vote_sent_twice_is_one_and_names_nobody(tree: Tree) -> None:
    code = publish(tree).code
    visitor = Client()
    for _twice in range(2):
        visitor.post(f"/hear/rights/{code}/helpful/", {"helped": "yes", "nonce": "a" * 32})
    visitor.post(f"/hear/rights/{code}/helpful/", {"helped": "no", "nonce": "b" * 32})
    visitor.post(f"/hear/rights/{code}/helpful/", {"helped": "maybe", "nonce": "c" * 32})
    article = Article.objects.get(code=code)
    assert (article.helped, article.not_helped) == (1, 1)
    assert "sessionid" not in visitor.cookies


def test_filing_suggests_it_and_the_desk_answers_with_it(tree: Tree) -> None:
    code = publish(tree, words="加班费 没有 发").code
    desk(tree, "F")
    visitor = Client(headers={"accept-language": "en"})
    page = visitor.get("/hear/window/ask/").content.decode()
    kept = page.split('name="kept" value="')[1].split('"')[0]
    data = {"kept": kept, "step": "1", "text": "三月份的加班费没有发怎么算", "kind": "question", "topic": "pay"}
    assert f"/hear/rights/{code}/" in visitor.post("/hear/window/ask/", data).content.decode()
    request = filed(tree, text="加班费怎么算？没有发。").request
    officer = tree.client(Role.DESK_OFFICER, "H1")
    assert f"?with={code}#act-at_once" in officer.get(f"/hear/window/desk/{request.code}/").content.decode()
    filled = officer.get(f"/hear/window/desk/{request.code}/?with={code}").content.decode()
    assert "平日一倍半。" in filled


def test_calculators_on_the_page_show_steps_keep_nothing_and_go_along_on_wish(tree: Tree) -> None:
    desk(tree, "F")
    visitor = Client(headers={"accept-language": "en"})
    data = {"wage": "8700", "system": "standard", "weekday": "10", "rest": "8", "holiday": ""}
    answer = visitor.post("/hear/rights/overtime/", data)
    html = answer.content.decode()
    assert "1,550.00 yuan" in html
    assert "8700 ÷ 21.75 ÷ 8 × 10 × 150 %" in html
    assert "Labour Law, article 44" in html
    assert answer["Cache-Control"] == "no-store"
    assert "sessionid" not in visitor.cookies
    draft = html.split('name="draft" value="')[1].split('"')[0]
    page = visitor.post("/hear/window/ask/", {"draft": draft, "topic": "pay", "at": "F"}).content.decode()
    assert "8700 ÷ 21.75 ÷ 8" in page
    assert Request.objects.count() == 0
    bad = visitor.post("/hear/rights/overtime/", {**data, "wage": "-3", "weekday": "x"}).content.decode()
    assert bad.count("errorlist") >= 2
    data = {"first": "2020-01-01", "last": "2024-12-31", "wage": "8000", "ending": "2n"}
    assert "80,000.00 yuan" in visitor.post("/hear/rights/severance/", data).content.decode()
    bad = visitor.post("/hear/rights/severance/", {**data, "last": "2019-01-01"}).content.decode()
    assert "The last day lies before the first." in bad


def test_services_in_and_out_as_a_workbook_all_or_nothing(tree: Tree, tmp_path: Path) -> None:
    officer = tree.officer(Role.ORG_OFFICER, "F")
    heads = ["unit", "topic", "name_zh", "name_en", "papers_zh", "papers_en", "body", "phone", "posts"]
    rows = [
        heads, ["F", "aid", "困难帮扶", "Aid", "身份证；收入证明", "Identity card; Income", "D1", "12351", 2],
        ["F", "aid", "困难帮扶", "Aid", "身份证；收入证明", "Identity card; Income", "H1", "021-12351", 1],
    ]  # fmt: skip
    file = write(tmp_path, "services.xlsx", xlsx(rows))
    for _twice in range(2):
        assert services.import_offers(actor=officer, now=tree.now, file=file) == 2
    assert (Offer.objects.count(), OfferBody.objects.count()) == (1, 2)
    assert Offer.objects.get().papers[1] == {"zh-hans": "收入证明", "en": "Income"}
    out = offers_workbook(queries.catalogue(read_now(), every=True))
    again = write(tmp_path, "again.xlsx", out)
    assert services.import_offers(actor=officer, now=tree.now, file=again) == 2
    assert (Offer.objects.count(), OfferBody.objects.count()) == (1, 2)
    sheet = load_workbook(io.BytesIO(out)).active
    assert sheet.cell(1, 1).value == "service"
    bad = [heads, ["F", "wish", "x", "", "", "", "", "", 1], ["F", "aid", "", "", "", "", "", "", 1],
           ["F", "aid", "x", "", "", "", "", "call me", 1], ["F", "aid", "x", "", "", "", "", "", "many"]]  # fmt: skip
    with pytest.raises(Problems) as fault:
        services.import_offers(actor=officer, now=tree.now, file=write(tmp_path, "bad.xlsx", xlsx(bad)))
    assert [one.place.row for one in fault.value.faults] == [2, 3, 4, 5]
    nowhere = write(tmp_path, "nowhere.xlsx", xlsx([heads, ["ZZ", "aid", "y", "", "", "", "", "", 1]]))
    with pytest.raises(Problems):
        services.import_offers(actor=officer, now=tree.now, file=nowhere)
    with pytest.raises(Refused):
        services.import_offers(actor=tree.officer(Role.ORG_OFFICER, "D2"), now=tree.now, file=file)
    assert Offer.objects.count() == 1


def test_load_is_told_by_post_and_small_counts_only_to_officers(tree: Tree) -> None:
    from qiao.hear.window.choices import State

    officer = tree.officer(Role.ORG_OFFICER, "F")
    offer = services.keep_offer(actor=officer, now=tree.now, unit=tree["F"], topic="pay", name=localized("欠薪", "Pay"))
    services.keep_offer_body(
        actor=officer, now=tree.now, code=offer.code, unit=tree["H1"], address={}, hours={}, phone="", posts=4
    )
    for _number in range(9):
        filed(tree, topic="pay")
    assert [one.came for one in queries.catalogue(read_now())[0].bodies] == [None]
    assert [one.came for one in queries.catalogue(read_now(), every=True)[0].bodies] == [9]
    reach(tree, State.RECEIVED, topic="pay")
    line = queries.catalogue(read_now())[0].bodies[0]
    assert (line.came, line.per_post, line.unmet) == (10, 2.5, False)
    services.keep_offer_body(
        actor=officer, now=tree.now, code=offer.code, unit=tree["H1"], address={}, hours={}, phone="", posts=0
    )
    line = queries.catalogue(read_now())[0].bodies[0]
    assert (line.per_post, line.unmet) == (None, True)


def test_lists_hold_their_number_of_queries(tree: Tree) -> None:
    publish(tree)
    visitor = Client()

    def cost(path: str) -> int:
        visitor.get(path)
        with CaptureQueriesContext(connection) as held:
            assert visitor.get(path).status_code == 200
        return len(held)

    officer = tree.officer(Role.ORG_OFFICER, "F")
    offer = services.keep_offer(actor=officer, now=tree.now, unit=tree["F"], topic="pay", name=localized("一", "One"))
    services.keep_offer_body(
        actor=officer, now=tree.now, code=offer.code, unit=tree["D1"], address={}, hours={}, phone="", posts=1
    )
    before = [cost(path) for path in ("/hear/rights/", "/hear/rights/services/")]
    for number in range(12):
        publish(tree, zh=f"问题 {number}？", en=f"Question {number}?")
        offer = services.keep_offer(
            actor=officer, now=tree.now, unit=tree["F"], topic="pay", name=localized(f"服务{number}", "x")
        )
        services.keep_offer_body(
            actor=officer, now=tree.now, code=offer.code, unit=tree["D1"], address={}, hours={}, phone="", posts=1
        )
    assert [cost(path) for path in ("/hear/rights/", "/hear/rights/services/")] == before


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_once_publish_once(tree: Tree) -> None:
    made = services.write_article(
        actor=tree.officer(Role.DESK_OFFICER, "F"), now=tree.now, unit=tree["F"], topic="pay", wording=wording()
    )
    code = made.article.code
    services.check_version(actor=tree.officer(Role.CASE_HANDLER, "F"), now=tree.now, code=code)
    officer = tree.officer(Role.ORG_OFFICER, "F")
    faults: list[BaseException] = []

    def publish_it() -> None:
        try:
            services.publish_version(actor=officer, now=tree.now, code=code)
        except Problem as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=publish_it) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert [one.state for one in Version.objects.filter(article__code=code)] == [VersionState.PUBLISHED]
