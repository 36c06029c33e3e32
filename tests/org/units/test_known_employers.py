"""Proposing a unit: an employer the platform knows is chosen, not spelled, and that without a script."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.factories.joining import employer
from tests.factories.org import Tree, make_tree

from qiao.org.people.models import Account
from qiao.org.units.models import Founding
from qiao.org.workplaces.models import Employer

pytestmark = pytest.mark.django_db
CODE = "91330109MA2CFXXX39"


@pytest.fixture
def worker(db: None) -> Client:
    """Somebody signed in, reading English."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(Account.objects.create(email="w@x.example", display_name="云一"))
    return client


@pytest.fixture
def org(now) -> Tree:
    """A federation with three employers, two of which begin alike."""
    tree = make_tree(now)
    employer(tree, "溪桥快递", "D1")
    employer(tree, "溪桥配送", "D2")
    known = employer(tree, "云川电子", "D1")
    Employer.objects.filter(pk=known.pk).update(reg_code=CODE)
    return tree


def fields(**changed: str) -> dict[str, str]:
    given = {
        "kind": "base", "name_zh_hans": "快递联合工会", "headcount": "40", "founders": "5",
        "lead_form": "committee", "prepares": "云一", "planned": "2027-06-01", "note": "", "employers": "",
    }  # fmt: skip
    return given | changed


def propose(client: Client, **changed: str) -> str:
    return client.post("/units/H1/propose/", fields(**changed), follow=True).content.decode()


def test_several_begin_so_one_is_chosen(org: Tree, worker: Client) -> None:
    page = propose(worker, employers="溪桥")
    assert "溪桥快递" in page
    assert "溪桥配送" in page
    assert "Choose one, or “None of these”." in page
    assert not Founding.objects.exists()
    propose(worker, employers="溪桥", employer_0="1")
    assert Founding.objects.get().employers == [{"name": "溪桥配送", "reg_code": ""}]


def test_none_of_them_stays_as_written(org: Tree, worker: Client) -> None:
    propose(worker, employers="溪桥", employer_0="none")
    assert Founding.objects.get().employers == [{"name": "溪桥", "reg_code": ""}]


@pytest.mark.parametrize("text", [CODE, CODE.lower(), "云川电子", f"云川, {CODE}"])
def test_the_full_name_or_the_code_needs_no_question(org: Tree, worker: Client, text: str) -> None:
    propose(worker, employers=text)
    assert Founding.objects.get().employers == [{"name": "云川电子", "reg_code": CODE}]


def test_an_unknown_one_is_taken_as_written(org: Tree, worker: Client) -> None:
    propose(worker, employers="无此厂")
    assert Founding.objects.get().employers == [{"name": "无此厂", "reg_code": ""}]


def test_a_joint_union_asks_for_each_line(org: Tree, worker: Client) -> None:
    page = propose(worker, kind="joint_base", employers="溪桥\n云川", employer_0="0", employer_1="9")
    assert "Select a valid choice" in page
    propose(worker, kind="joint_base", employers="溪桥\n云川", employer_0="0", employer_1="0")
    assert [row["name"] for row in Founding.objects.get().employers] == ["溪桥快递", "云川电子"]
