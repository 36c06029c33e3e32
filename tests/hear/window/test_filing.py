"""Filing: one form is one request, nobody is asked who they are, and what is kept cannot be changed in silence."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection
from django.utils.timezone import localdate
from PIL import Image

from qiao.base.access import SYSTEM, Refused
from qiao.base.alike import most_alike
from qiao.base.db import atomic
from qiao.base.ledger import merkle
from qiao.base.models import AuditRow, LedgerLeaf, Receipt
from qiao.base.problems import Problem
from qiao.hear.window import queries, services
from qiao.hear.window.choices import About, Channel, Identity, Kind, State, Why
from qiao.hear.window.models import DaySeal, Request, SafetyCall, Transition
from qiao.hear.window.queries.proof import proof_of_filing
from qiao.hear.window.rules.danger import sounds_like_self_harm, sounds_urgent
from qiao.hear.window.rules.files import taken_in
from qiao.hear.window.rules.masking import masked
from qiao.org.access.choices import Role, TieKind
from qiao.org.access.queries import actor_for
from qiao.org.access.services import declare_tie
from qiao.org.membership.models import Membership
from qiao.org.people.services import open_account
from tests.factories.joining import employer
from tests.factories.org import Tree, make_tree
from tests.factories.window import TEXT, desk, filed, nonce, reach

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree(now) -> Tree:
    return make_tree(now)


def test_the_receipt_carries_hash_and_promised_day(tree: Tree) -> None:
    made = filed(tree)
    receipt = Receipt.objects.get(pk=made.request.receipt)
    content = services.filing_text(made.request)
    assert hashlib.sha256(content.encode()).hexdigest() == receipt.content_hash == made.request.filing_hash
    assert json.loads(content)["text"] == TEXT
    assert receipt.promised == localdate(made.request.due)
    assert services.secret_fits(made.request, made.secret.lower().replace("-", " "))
    assert not services.secret_fits(made.request, "2222-2222-2222")


def test_five_working_days_are_promised_counted_from_the_day_after(tree: Tree) -> None:
    made = filed(tree, text="请问产假怎么申请？").request  # Monday, 11 May 2026
    assert localdate(made.due).isoformat() == "2026-05-18"
    assert made.due_rule == "req.time_general=5"


def test_the_same_form_is_one_request_with_one_secret(tree: Tree) -> None:
    key = nonce()
    first, again = filed(tree, nonce=key), filed(tree, nonce=key)
    assert (first.request.pk, first.secret) == (again.request.pk, again.secret)
    assert again.again
    assert Request.objects.count() == 1


@pytest.mark.parametrize("text", ["", "  \n\x00 ", "字" * 4001])
def test_without_words_or_with_too_many_nothing_is_kept(tree: Tree, text: str) -> None:
    with pytest.raises(Problem):
        filed(tree, text=text)
    assert not Request.objects.exists()
    assert not Receipt.objects.exists()


def test_nothing_of_an_anonymous_asker_is_kept_even_where_they_are_signed_in(tree: Tree) -> None:
    member = tree.member("B1", "云一诺")
    account = open_account(
        actor=SYSTEM, now=tree.now, email="yun@x.example", display_name="云一诺", person=member.person
    )
    before = AuditRow.objects.count()
    made = filed(tree, actor=actor_for(account, tree.now.date()), name="云一诺", contact="13900001234").request
    assert (made.person_id, made.name, made.contact, made.contact_print) == (None, None, None, None)
    rows = AuditRow.objects.order_by("pk")[before:]
    assert {(row.account_id, row.actor_name) for row in rows if row.action.startswith("request.")} == {(None, "public")}
    assert Transition.objects.get(request=made).account_id is None
    assert Membership.objects.filter(person=member.person).exists()
    with pytest.raises(IntegrityError), atomic():
        Request.objects.filter(pk=made.pk).update(person=member.person)


def test_no_plain_word_name_or_number_lies_in_the_database(tree: Tree) -> None:
    made = filed(tree, identity=Identity.CONFIDENTIAL, name="云一诺", contact="139 0000 1234").request
    with connection.cursor() as cursor:
        cursor.execute("SELECT window_request::text FROM window_request WHERE id = %s", [made.pk])
        (row,) = cursor.fetchone()
    for plain in ("加班费", "云一诺", "13900001234"):
        assert plain not in row
        assert plain.encode().hex() not in row
    assert str(Request.objects.get(pk=made.pk).contact) == "13900001234"


def test_a_caller_is_found_by_number_and_only_at_ones_own_body(tree: Tree) -> None:
    from qiao.hear.window.queries.reading import of_caller

    made = filed(tree, identity=Identity.NAMED, contact="13900001234").request
    assert of_caller(desk(tree), "+86 139-0000-1234") == [made]
    assert of_caller(desk(tree, "D2"), "13900001234") == []


@pytest.mark.parametrize(
    ("given", "body", "why"),
    [
        ({"place": "B1"}, "B1", Why.WORKPLACE),
        ({"place": "H1"}, "H1", Why.PLACE),
        ({"place": "B1", "by_pass": True}, "H1", Why.BYPASS),
        ({"place": "B1", "about": About.UNION}, "H1", Why.BYPASS),
        ({"place": "B2"}, "F", Why.NO_DESK),
        ({}, "F", Why.TOP),
    ],
)
def test_routing(tree: Tree, given: dict[str, object], body: str, why: Why) -> None:
    for label in ("F", "H1"):
        desk(tree, label)
    tree.officer(Role.BASE_OFFICER, "B1")
    place = tree[str(given.pop("place"))] if "place" in given else None
    made = services.file_request(
        actor=SYSTEM,
        now=tree.now,
        given=services.Given(nonce=nonce(), text=TEXT, place=place, **given),  # type: ignore[arg-type]
    ).request
    assert (made.body.label, made.why) == (body, why)
    assert made.by_pass == bool(given)


def test_who_is_tied_to_the_employer_is_passed_by(tree: Tree) -> None:
    works = employer(tree, "例桥机械厂", "H1", union="B1")
    desk(tree)
    declare_tie(actor=tree.officer(Role.BASE_OFFICER, "B1"), now=tree.now, employer=works, kind=TieKind.MANAGES)
    made = filed(tree, place=None, employer=works).request
    assert (made.body.label, made.why) == ("H1", Why.TIED)


def test_a_rule_of_receivers_names_the_body_but_not_the_one_to_be_left_out(tree: Tree) -> None:
    desk(tree, "D1")
    tree.officer(Role.BASE_OFFICER, "B1")
    services.set_receiver(actor=desk(tree, "D1"), now=tree.now, place=tree["D1"], body=tree["D1"], topic="pay")
    services.set_receiver(actor=desk(tree, "D1"), now=tree.now, place=tree["H1"], body=tree["B1"])
    assert filed(tree, topic="pay").request.body.label == "B1"  # the nearer place
    assert filed(tree, topic="pay", by_pass=True).request.body.label == "H1"
    again = services.set_receiver(actor=desk(tree, "D1"), now=tree.now, place=tree["H1"], body=tree["H1"])
    assert filed(tree).request.body.label == "H1"
    services.end_receiver(actor=desk(tree, "D1"), now=tree.now, rule_id=again.pk)
    assert filed(tree, topic="pay").request.body.label == "D1"
    with pytest.raises(Refused):
        services.set_receiver(actor=desk(tree, "D2"), now=tree.now, place=tree["H1"], body=tree["H1"])


def test_who_enters_for_another_stands_at_the_window(tree: Tree) -> None:
    given = services.Given(nonce=nonce(), text=TEXT, kind=Kind.SOLUTION)
    with pytest.raises(Refused):
        services.enter_request(actor=desk(tree, "D2"), now=tree.now, given=given, channel=Channel.PHONE, at=tree["H1"])
    with pytest.raises(Problem):
        services.enter_request(actor=desk(tree), now=tree.now, given=given, channel=Channel.WEB, at=tree["H1"])
    made = services.enter_request(actor=desk(tree), now=tree.now, given=given, channel=Channel.PAPER, at=tree["H1"])
    assert made.request.entered_by_id == desk(tree).account_id


def test_danger_is_put_on_top_and_self_harm_calls_the_trained_without_a_mark(tree: Tree) -> None:
    assert sounds_urgent("机器轧到手，同事受伤了")
    assert sounds_urgent("wages not been paid since March")
    assert not sounds_urgent("请问年休假怎么算")
    urgent = filed(tree, text="同事在车间受伤，没人送医院").request
    assert urgent.urgent
    assert localdate(urgent.due) == localdate(tree.now)
    made = filed(tree, text="欠了半年工资，我真的不想活了").request
    assert sounds_like_self_harm(str(made.text))
    assert SafetyCall.objects.get().request == made
    assert "safety" not in {field.name for field in Request._meta.get_fields() if field.concrete}
    call = SafetyCall.objects.get()
    with pytest.raises(Refused):
        services.take_safety_call(actor=desk(tree, "D2"), now=tree.now, call_id=call.pk)
    services.take_safety_call(actor=desk(tree), now=tree.now, call_id=call.pk)
    assert services.tell_safety(now=tree.now, call_id=call.pk) >= 1
    services.end_safety_call(actor=desk(tree), now=tree.now, call_id=call.pk)
    assert not SafetyCall.objects.exists()


def test_the_days_filings_stand_under_one_entry_of_the_ledger(tree: Tree) -> None:
    made = [filed(tree, text=f"{TEXT}{number}").request for number in range(3)]
    later = tree.now + timedelta(days=1)
    assert services.seal_days(actor=SYSTEM, now=tree.now) == 0
    assert services.seal_days(actor=SYSTEM, now=later) == 1
    assert services.seal_days(actor=SYSTEM, now=later) == 0
    leaf = LedgerLeaf.objects.get(kind="window.day")
    proof = proof_of_filing(made[1], services.filing_text(made[1]))
    ledger = proof["ledger"]
    assert isinstance(ledger, dict)
    root = merkle.root_from_inclusion(
        merkle.leaf_hash(bytes.fromhex(made[1].filing_hash)), ledger["place"], ledger["size"],
        [bytes.fromhex(step) for step in ledger["path"]],
    )  # fmt: skip
    assert root is not None
    assert root.hex() == json.loads(leaf.payload)["filings"] == ledger["root"]
    assert made[1].code not in leaf.payload
    assert "2026-05-11T" not in leaf.payload.split("day")[1]
    assert DaySeal.objects.get().ledger_index == leaf.index


def test_steps_are_chained_and_never_changed(tree: Tree) -> None:
    request = reach(tree, State.CLOSED)
    assert services.digest_holds(request)
    with pytest.raises(Exception, match="append-only"), atomic():
        Transition.objects.filter(request=request).update(ground="anders")
    with pytest.raises(Exception, match="append-only"), atomic():
        Transition.objects.filter(request=request, serial=2).delete()


def test_similar_requests_are_found_in_both_languages() -> None:
    texts = ["产假期间工资怎么发？", "厂里拖欠加班费怎么办？", "How is overtime on public holidays paid?", "食堂太贵"]
    assert [hit.place for hit in most_alike("单位一直拖欠我们的加班费", texts)][:1] == [1]
    assert [hit.place for hit in most_alike("Is overtime paid on public holidays", texts)][:1] == [2]
    assert most_alike("如何办理工会会员卡", texts) == []
    assert most_alike("的 了", texts) == []
    assert most_alike("加班", []) == []


def test_names_and_numbers_are_taken_out() -> None:
    text = masked("王经理说13912345678找李大姐，我叫云一诺，mail me at a.b@x.com. Mr. Smith knows.")
    for gone in ("王经理", "139", "李大姐", "云一诺", "a.b@x.com", "Smith"):
        assert gone not in text


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.exe", b"MZ"), ("a.png", b"no picture"), ("a.pdf", b""), ("a.xlsx", b"PK\x03\x04broken"), ("noending", b"x"),
     ("a.txt", b"\x00\x01\x02\xff"), ("big.pdf", b"%PDF-" + b"0" * (4 * 1024 * 1024))],
)  # fmt: skip
def test_files_that_are_not_taken_say_why(name: str, content: bytes) -> None:
    with pytest.raises(Problem) as fault:
        taken_in(name, content)
    assert name in str(fault.value)


def test_texts_in_gbk_are_read_and_pictures_lose_where_they_were_taken() -> None:
    assert taken_in("证据.txt", "加班记录".encode("gb18030")).content.decode() == "加班记录"
    exif = b"\xff\xe1\x00\x10Exif\x00\x00GPS here!"
    picture = b"\xff\xd8" + exif + b"\xff\xda\x00\x02pixels"
    taken = taken_in("../../p.JPG", picture)
    assert b"GPS" not in taken.content
    assert taken.name == "p.JPG"


def test_what_hangs_behind_or_inside_a_picture_goes() -> None:
    scan = b"\xff\xda\x00\x02ab\xff\x00c\xff\xd0d"
    behind = b"\xff\xd8\xff\xe1\x00\x0aGPS here" + b"PK\x03\x04 a hidden archive"
    inside = b"\xff\xfe\x00\x09comment" + b"\xff\xe1\x00\x08Exif!!"
    tables = b"\xff\xc4\x00\x04\xff\xd9"
    picture = b"\xff\xd8" + scan + inside + tables + scan + b"\xff\xff\xd9" + behind
    assert taken_in("p.jpg", picture).content == b"\xff\xd8" + scan + tables + scan + b"\xff\xff\xd9"

    def chunk(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + kind + body + b"crc!"

    start = b"\x89PNG\r\n\x1a\n"
    drawn = chunk(b"IHDR", b"x" * 13) + chunk(b"IDAT", b"pixels") + chunk(b"IEND", b"")
    hung = chunk(b"IDAT", b"GPS here") + b"PK\x03\x04"
    assert taken_in("p.png", start + drawn + hung).content == start + drawn


def test_real_pictures_stay_whole() -> None:
    for kind, options in (("JPEG", {}), ("JPEG", {"progressive": True}), ("PNG", {})):
        made = Image.effect_noise((64, 48), 50).convert("RGB")
        held = io.BytesIO()
        made.save(held, kind, **options)
        taken = taken_in(f"p.{'png' if kind == 'PNG' else 'jpg'}", held.getvalue() + b"behind").content
        assert b"behind" not in taken
        assert Image.open(io.BytesIO(taken)).tobytes() == Image.open(held).tobytes()


def test_the_same_file_twice_is_one(tree: Tree) -> None:
    made = filed(tree).request
    for _turn in range(2):
        upload = SimpleUploadedFile("a.txt", b"hello")
        services.add_file(actor=SYSTEM, now=tree.now, request=made, upload=upload, by_asker=True)
    assert made.attachments.count() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(content, 'escape') FROM window_attachment")
        assert "aGVsbG8" not in cursor.fetchone()[0]


def test_topics_for_the_digest_hide_what_is_small(tree: Tree) -> None:
    for topic, number in (("pay", 12), ("hours", 11), ("aid", 3)):
        for _one in range(number):
            filed(tree, topic=topic, text=f"王师傅 {TEXT}")
    day = tree.now.date()
    rows = queries.topic_counts(tree["D1"].path, day, day)
    assert [(row.topic, row.n) for row in rows] == [("pay", 12), ("aid", None), ("hours", None)]
    assert rows[0].total == 26
    assert rows[0].label["en"] == "Pay"
    texts = list(queries.texts_for_topics(tree["D1"].path, day, day))
    assert len(texts) == 26
    assert not any("王师傅" in one.text for one in texts)
    assert queries.topic_counts(tree["D2"].path, day, day) == []
