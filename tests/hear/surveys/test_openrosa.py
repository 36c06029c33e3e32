"""Collecting with an app: an independent client (JavaRosa, the engine inside ODK Collect) fills what we serve."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from qiao.base import clock
from qiao.base.access import Refused
from qiao.base.i18n import localized
from qiao.base.problems import Problem, Problems
from qiao.base.xlsform import Form, Group, Question, Repeat, read_form
from qiao.base.xlsform.model import METADATA, Item
from qiao.hear.surveys import queries, services
from qiao.hear.surveys.models import Answer, AnswerFile, Round, SealedAnswer
from qiao.hear.surveys.services import collectors, submissions
from qiao.org.access.choices import Role
from qiao.org.people.models import Account
from tests.factories.hear import DAY, Town, codes_of, make_town, open_round, workbook
from tests.golden import golden_path
from tests.hear.surveys.opened import values_of
from tests.hear.surveys.test_forms import picture

LIST = "{http://openrosa.org/xforms/xformsList}"
PHOTO = (
    ("type", "name", "label::中文 (zh)", "label::English (en)", "required"),
    ("select_one shift", "ws_shift", "班次？", "Shift?", ""),
    ("image", "photo", "照片", "Photo", ""),
    ("text", "words", "说明", "Words", ""),
)


@pytest.fixture
def today(db: None) -> Town:
    return make_town(clock.now() - DAY)


def collecting(town: Town, **wanted: object) -> tuple[Round, str]:
    """An open round and a collector's token."""
    survey = open_round(town, **wanted)
    actor = town.actor(Role.SURVEY_OWNER)
    return survey, collectors.add_collector(actor=actor, now=clock.now(), code=survey.code, name="甲")


def at(name: str, token: str, **values: str) -> str:
    return reverse(f"surveys:collect_{name}_by_token", kwargs={"token": token, **values})


def send(client: Client, token: str, xml: str | bytes, **files: bytes) -> HttpResponse:
    content = xml.encode() if isinstance(xml, str) else xml
    parts = {"xml_submission_file": SimpleUploadedFile("answer.xml", content, "text/xml")}
    parts |= {name: SimpleUploadedFile(f"{name}.jpg", data, "image/jpeg") for name, data in files.items()}
    return client.post(at("submission", token), parts, headers={"X-OpenRosa-Version": "1.0"})


def instance(survey: Round, inner: str, *, number: str = "uuid:1") -> str:
    form = queries.runtime_of(survey.version_id).form
    return (
        f'<{form.root} id="{form.id}" xmlns:orx="http://openrosa.org/xforms">{inner}'
        f"<orx:meta><orx:instanceID>{number}</orx:instanceID></orx:meta></{form.root}>"
    )


def test_whoever_may_give_access_finds_the_way_from_the_round(today: Town, client: Client) -> None:
    survey, _token = collecting(today)
    link = reverse("surveys:collectors", args=[survey.code])
    page = reverse("surveys:round", args=[survey.code])
    assert link not in client.get(page).content.decode()
    client.force_login(Account.objects.get(pk=today.actor(Role.SURVEY_OWNER).account_id))
    assert link in client.get(page).content.decode()
    assert "甲" in client.get(link).content.decode()


def test_the_form_list_the_form_and_its_hash(today: Town, client: Client) -> None:
    survey, token = collecting(today, asked="volunteers")
    listed = client.get(at("list", token), headers={"X-OpenRosa-Version": "1.0"})
    assert listed.status_code == 200
    assert listed.headers["X-OpenRosa-Version"] == "1.0"
    assert listed.headers["Content-Type"].startswith("text/xml")
    tree = ET.fromstring(listed.content)
    assert tree.tag == f"{LIST}xforms"
    facts = {child.tag.removeprefix(LIST): child.text for child in tree[0]}
    form = queries.runtime_of(survey.version_id).form
    assert facts["formID"] == form.id
    downloaded = client.get(str(facts["downloadUrl"]).removeprefix("http://testserver"))
    assert facts["hash"] == "md5:" + hashlib.md5(downloaded.content, usedforsecurity=False).hexdigest()
    assert downloaded.content.decode() == form.xform
    assert "csrftoken" not in client.cookies
    manifest = client.get(at("manifest", token))
    assert ET.fromstring(manifest.content).tag == "{http://openrosa.org/xforms/xformsManifest}manifest"


def test_the_media_of_labels_are_listed_with_their_hash_and_downloaded(today: Town, client: Client) -> None:
    rows = (
        ("type", "name", "label::中文 (zh)", "label::English (en)", "media::image"),
        ("select_one shift", "ws_shift", "班次？", "Shift?", "p.png"),
        ("text", "words", "说明", "Words", ""),
    )
    version = services.upload_questionnaire(
        actor=today.actor(Role.SURVEY_OWNER), now=today.now, unit=today.root, title=localized("图", "Pictures"),
        file_name="f.xlsx", content=workbook(rows), files=[("p.png", picture())],
    )  # fmt: skip
    _survey, token = collecting(today, asked="volunteers", version=queries.version_by_id(version.pk))
    app = {"X-OpenRosa-Version": "1.0", "User-Agent": "org.odk.collect.android/v2024.3"}
    (form,) = ET.fromstring(client.get(at("list", token), headers=app).content)
    link = str(form.findtext(f"{LIST}manifestUrl")).removeprefix("http://testserver")
    listed = client.get(link, headers=app)
    assert (listed.status_code, listed.headers["X-OpenRosa-Version"]) == (200, "1.0")
    assert listed.headers["Content-Type"].startswith("text/xml")
    assert listed.headers["Date"]
    space = "{http://openrosa.org/xforms/xformsManifest}"
    (file,) = ET.fromstring(listed.content)
    assert (file.tag, file.findtext(f"{space}filename")) == (f"{space}mediaFile", "p.png")
    link_of_file = str(file.findtext(f"{space}downloadUrl")).removeprefix("http://testserver")
    got = client.get(link_of_file, headers=app)
    assert (got.status_code, got.headers["Content-Type"], got.content) == (200, "image/png", picture())
    assert file.findtext(f"{space}hash") == "md5:" + hashlib.md5(got.content, usedforsecurity=False).hexdigest()
    assert "jr://images/p.png" in client.get(at("form", token)).content.decode()
    # What the form does not show is not served to whoever holds a token.
    assert client.get(link_of_file.replace("p.png", "q.png")).status_code == 404


def test_how_much_may_be_sent_is_told_before(today: Town, client: Client) -> None:
    _survey, token = collecting(today, asked="volunteers")
    told = client.head(at("submission", token))
    assert told.status_code == 204
    assert int(told.headers["X-OpenRosa-Accept-Content-Length"]) == submissions.MAX_SENDING
    assert told.headers["X-OpenRosa-Version"] == "1.0"
    assert client.get(at("submission", token)).status_code == 405


def test_an_answer_is_taken_once(today: Town, client: Client) -> None:
    survey, token = collecting(today, asked="volunteers")
    xml = instance(
        survey, "<ws_shift>night</ws_shift><need_first>pay bus</need_first><hours>3</hours><words>a &amp; b</words>"
    )
    first = send(client, token, xml)
    assert first.status_code == 201
    assert ET.fromstring(first.content).tag == "{http://openrosa.org/http/response}OpenRosaResponse"
    assert send(client, token, xml).status_code == 201
    assert values_of(survey) == [{"ws_shift": "night", "need_first": ["pay", "bus"], "hours": 3, "words": "a & b"}]
    assert send(client, token, xml.replace("uuid:1", "uuid:2")).status_code == 201
    assert SealedAnswer.objects.count() == 2


def test_a_round_with_invitations_asks_for_the_code(today: Town, client: Client) -> None:
    survey, token = collecting(today)
    code, other = codes_of(today, survey)[:2]
    form = client.get(at("form", token)).content.decode()
    assert f'ref="/{queries.runtime_of(survey.version_id).form.root}/qiao_code"' in form
    told = "<ws_shift>day</ws_shift><need_first>pay</need_first>"
    assert send(client, token, instance(survey, told)).status_code == 400
    assert send(client, token, instance(survey, f"<qiao_code>ABCD-EFGH-JKMN</qiao_code>{told}")).status_code == 400
    right = instance(survey, f"<qiao_code>{code.lower()}</qiao_code>{told}")
    assert send(client, token, right).status_code == 201
    assert send(client, token, right).status_code == 201
    # By the same code otherwise: the first answer stays.
    changed = instance(survey, f"<qiao_code>{code}</qiao_code><ws_shift>night</ws_shift>", number="uuid:9")
    assert send(client, token, changed).status_code == 400
    assert values_of(survey) == [{"ws_shift": "day", "need_first": ["pay"]}]
    # Of another round, it opens nothing here.
    second, token_of_second = collecting(today)
    assert send(client, token_of_second, instance(second, f"<qiao_code>{other}</qiao_code>{told}")).status_code == 400
    assert SealedAnswer.objects.filter(round=second).count() == 0


@pytest.mark.parametrize(
    ("inner", "said"),
    [
        ("<ws_shift>evening</ws_shift>", "ws_shift"),
        ("<hours>many</hours>", "hours"),
        ("<religion>x</religion>", "religion"),
        ("<hours><b>1</b></hours>", "hours"),
        ("<words>1</words><words>2</words>", "words"),
    ],
)
def test_what_the_form_does_not_ask_is_refused_with_its_place(
    today: Town, client: Client, inner: str, said: str
) -> None:
    survey, token = collecting(today, asked="volunteers")
    refused = send(client, token, instance(survey, inner))
    assert refused.status_code == 400
    assert said in refused.content.decode()
    assert not SealedAnswer.objects.exists()


def test_bad_xml_is_refused(today: Town, client: Client, tmp_path: Path) -> None:
    survey, token = collecting(today, asked="volunteers")
    secret = tmp_path / "secret.txt"
    secret.write_text("never shown")
    form = queries.runtime_of(survey.version_id).form
    entity = f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{secret}">]>' + instance(survey, "<words>&x;</words>")
    laughs = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>' + instance(
        survey, "<words>&b;</words>"
    )
    for bad in (
        "", "no xml", "<a>", entity, laughs, instance(survey, "")[:-5], '<other id="x"/>',
        f'<{form.root} id="{form.id}"><words>no number</words></{form.root}>',
        instance(survey, f"<words>{'a' * 2_100_000}</words>"),
    ):  # fmt: skip
        assert send(client, token, bad).status_code == 400, bad[:80]
    assert client.post(at("submission", token), {}).status_code == 400
    assert not SealedAnswer.objects.exists()


def test_access_is_by_token_or_password_and_ends(today: Town, client: Client) -> None:
    survey, token = collecting(today, asked="volunteers")
    owner = today.actor(Role.SURVEY_OWNER)
    plain = reverse("surveys:collect_list")
    asked = client.get(plain)
    assert asked.status_code == 401
    assert asked.headers["WWW-Authenticate"].startswith("Basic")
    password = base64.b64encode(f"anybody:{token}".encode()).decode()
    assert client.get(plain, headers={"authorization": f"Basic {password}"}).status_code == 200
    assert client.get(at("list", "wrong" * 6)).status_code == 404
    with pytest.raises(Problem, match="access already"):
        collectors.add_collector(actor=owner, now=clock.now(), code=survey.code, name=" 甲 ")
    with pytest.raises(Refused):
        collectors.add_collector(actor=today.actor(Role.SAMPLE_DRAWER), now=clock.now(), code=survey.code, name="乙")
    found = survey.collectors.get()
    assert token not in str(bytes(found.token_hash))
    for _twice in range(2):
        collectors.revoke_collector(actor=owner, now=clock.now(), code=survey.code, collector_id=found.pk)
    assert client.get(at("list", token)).status_code == 404
    assert send(client, token, instance(survey, "<words>x</words>")).status_code == 404


def test_guessing_tokens_is_slowed(today: Town, client: Client) -> None:
    _survey, token = collecting(today, asked="volunteers")
    said = [client.get(at("list", f"guess{number}")).status_code for number in range(25)]
    assert said[-1] == 429
    assert client.get(at("list", token)).status_code == 429


def test_files_stay_sealed_until_the_round_closes_and_lose_their_names(today: Town, client: Client) -> None:
    from qiao.hear.surveys.queries import version_by_id

    version = services.upload_questionnaire(
        actor=today.actor(Role.SURVEY_OWNER), now=today.now, unit=today.root, title=localized("照片", "Photos"),
        file_name="photo.xlsx", content=workbook(PHOTO),
    )  # fmt: skip
    survey, token = collecting(today, asked="volunteers", version=version_by_id(version.pk))
    picture = b"\xff\xd8 picture"
    assert send(client, token, instance(survey, "<photo>p1.jpg</photo>"), p2=picture).status_code == 400
    assert not SealedAnswer.objects.exists()
    xml = instance(survey, "<photo>p1.jpg</photo><words>hier</words>")
    assert send(client, token, xml).status_code == 201
    # An app sends large files later, with the same form once more.
    for _twice in range(2):
        assert send(client, token, xml, p1=picture).status_code == 201
    kept = AnswerFile.objects.get()
    assert picture not in bytes(kept.content)
    assert values_of(survey) == [{"photo": f"file:{kept.pk}", "words": "hier"}]
    services.close_round(actor=today.actor(Role.SURVEY_OWNER), now=survey.closes + DAY, code=survey.code)
    opened = AnswerFile.objects.get()
    assert opened.pk != kept.pk
    assert (bytes(opened.content), opened.ending, opened.sealed) == (picture, ".jpg", False)
    assert Answer.objects.get().values == {"photo": f"file:{opened.pk}", "words": "hier"}


def test_the_owner_gives_access_on_a_page_and_sees_the_token_once(today: Town, client: Client) -> None:
    survey = open_round(today)
    client.force_login(today.account(Role.SURVEY_OWNER))
    page = reverse("surveys:collectors", args=[survey.code])
    assert client.get(page).status_code == 200
    given = client.post(page, {"name": "甲"})
    assert "/hear/surveys/collect/" in given.content.decode()
    assert "/hear/surveys/collect/" not in client.get(page).content.decode()
    assert client.post(page, {"name": "甲"}).status_code == 422
    found = survey.collectors.get()
    assert client.post(page, {"revoke": found.pk}).status_code == 302
    assert client.post(page, {"revoke": found.pk + 999}).status_code == 404
    assert survey.collectors.get().revoked is not None


# JavaRosa


@pytest.fixture(scope="session")
def filler(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The command that fills a form: JavaRosa from the jar pyxform brings along."""
    import pyxform

    source = golden_path("forms", "Fill.java")
    java = shutil.which("javac")
    assert java, "a Java development kit is not installed: apt-get install openjdk-17-jdk-headless"
    jar = Path(pyxform.__file__).parent / "validators" / "odk_validate" / "bin" / "ODK_Validate.jar"
    folder = tmp_path_factory.mktemp("filler")
    subprocess.run(
        [java, "-encoding", "UTF-8", "-cp", str(jar), "-d", str(folder), str(source)],
        check=True, timeout=120, capture_output=True,
    )  # fmt: skip
    return ["java", "-Xmx256m", "-Dfile.encoding=UTF-8", "-cp", f"{folder}:{jar}", "Fill"]


def _valid_forms() -> list[str]:
    try:
        listed = json.loads(golden_path("forms", "golden_forms.json").read_text())
    except pytest.skip.Exception:
        return ["none"]
    return [name for name, one in listed.items() if one["pyxform"] == "ok" and one.get("odk_validate") == "ok"]


@pytest.mark.golden
@pytest.mark.parametrize("name", _valid_forms())
def test_what_an_independent_client_fills_is_what_is_stored(
    today: Town, client: Client, filler: list[str], tmp_path: Path, name: str
) -> None:
    listed = json.loads(golden_path("forms", "golden_forms.json").read_text())
    content = golden_path(listed[name]["file"]).read_bytes()
    try:
        version = services.upload_questionnaire(
            actor=today.actor(Role.SURVEY_OWNER), now=today.now, unit=today.root,
            title=localized("外来问卷", "Foreign"),
            file_name=name, content=content,
        )  # fmt: skip
    except (Problem, Problems):
        # What the platform does not put into use is read all the same.
        assert_read_alike(read_form(content, name), filled(filler, tmp_path, read_form(content, name).xform.encode()))
        return
    survey, token = collecting(today, asked="volunteers", version=queries.version_by_id(version.pk))
    served = client.get(at("form", token)).content
    xml = filled(filler, tmp_path, served)
    assert send(client, token, xml).status_code == 201, send(client, token, xml).content.decode()
    form = queries.runtime_of(survey.version_id).form
    (values,) = values_of(survey)
    assert as_told(form, values) == as_filled(form, xml)
    assert as_told(form, values), "nothing was filled in"
    assert send(client, token, xml).status_code == 201
    assert SealedAnswer.objects.filter(round=survey).count() == 1


def filled(filler: list[str], folder: Path, xform: bytes) -> bytes:
    path = folder / "form.xml"
    path.write_bytes(xform)
    done = subprocess.run([*filler, str(path), "2"], check=False, timeout=60, capture_output=True)
    said = done.stderr.decode()
    if "cannot handle function 'pulldata'" in said:
        pytest.skip("this client knows no pulldata(), which the form needs")
    assert done.returncode == 0, said[-2000:]
    return done.stdout


def assert_read_alike(form: Form, xml: bytes) -> None:
    found = submissions.read_instance(form, xml)
    assert as_told(form, found.values) == as_filled(form, xml)


def _questions(items: tuple[Item, ...]) -> list[Item]:
    """The questions and repeats of one level, those in groups too."""
    out: list[Item] = []
    for item in items:
        out += _questions(item.items) if isinstance(item, Group) else [item]
    return out


def as_told(form: Form, values: Mapping[str, object]) -> list[tuple[str, str]]:
    """What was stored, as (path, text) for every value."""

    def of(items: tuple[Item, ...], held: Mapping[str, object]) -> list[tuple[str, str]]:
        out: list[tuple[str, str]] = []
        for item in _questions(items):
            if isinstance(item, Repeat):
                for entry in held.get(item.key or item.name, []):  # type: ignore[attr-defined]
                    out += of(item.items, entry)
            elif isinstance(item, Question) and item.key in held:
                value = held[item.key]
                text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
                out.append((item.path, _plain(text)))
        return out

    return sorted(of(form.items, values))


def as_filled(form: Form, xml: bytes) -> list[tuple[str, str]]:
    """What the instance says, read without any code of ours, less what is never kept."""
    kinds = {item.path: item.type for item in form.walk() if isinstance(item, Question)}
    unkept = {path for path, kind in kinds.items() if kind in METADATA or kind == "note"}
    root = ET.fromstring(xml)
    out: list[tuple[str, str]] = []

    def walk(element: ET.Element, path: str) -> None:
        for child in element:
            local = child.tag.rpartition("}")[2]
            here = f"{path}/{local}"
            # How often a repeat stands there, where no question of the form says it, is told by its entries.
            counted = local.endswith("_count") and here not in kinds
            if local == "meta" or counted or any(key.endswith("template") for key in child.attrib):
                continue
            if len(child):
                walk(child, here)
            elif (child.text or "").strip() and here not in unkept:
                is_file = kinds.get(here) in {"image", "audio", "video", "file", "background-audio"}
                out.append((here, "a file" if is_file else _plain(str(child.text).strip())))

    walk(root, f"/{form.root}")
    return sorted(out)


def _plain(text: str) -> str:
    """Numbers as numbers: 3, 3.0 and 3.00 are one answer; a file is told by its being there."""
    if text.startswith(("name:", "file:")):
        return "a file"
    try:
        return repr(float(text))
    except ValueError:
        return text
