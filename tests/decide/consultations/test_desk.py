"""The answering desk: suggestions, merging and splitting, offices, drafts, templates, two at once."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.decide import DAY, Ground, closed, make_ground

from qiao.base.access import SYSTEM, Actor, Refused
from qiao.base.i18n import localized
from qiao.base.problems import Problem
from qiao.decide.consultations.models import Assignment, Consultation, Opinion, OpinionGroup, Suggestion
from qiao.decide.consultations.queries import unanswered_count
from qiao.decide.consultations.queries.desk import (
    assigned_items,
    group_rows,
    open_suggestions,
    supporters,
    templates_for,
    work_split,
)
from qiao.decide.consultations.services import contest_grouping, dissolve_group, group_opinions
from qiao.decide.consultations.services.desk import (
    assign_group,
    draft_answer,
    keep_template,
    refuse_suggestion,
    retire_template,
    sign_draft,
    split_group,
    suggest_groups,
    take_suggestion,
    work_out_suggestions,
)
from qiao.org.access.choices import Role
from qiao.org.access.services import grant_role
from qiao.org.people.models import Account
from qiao.org.people.services import open_account

pytestmark = pytest.mark.django_db
TITLE = localized("南门停车", "Stop at the south gate")
SAME = ["班车路线要经过南门", "班车站点增加南门", "班车要停南门"]
OTHER = ["加班费要按时发", "托管班名额太少"]


@pytest.fixture
def ground(now: datetime) -> Ground:
    return make_ground(now)


def shut(now: datetime, ground: Ground, texts: list[str] | None = None) -> Consultation:
    return closed(now, ground, list(enumerate(texts or [*SAME, *OTHER])))


def keys(consultation: Consultation) -> list[int]:
    return list(Opinion.objects.filter(consultation=consultation).order_by("pk").values_list("pk", flat=True))


def office(now: datetime, ground: Ground) -> Account:
    account = open_account(actor=SYSTEM, now=now, email="office@x.example", display_name="办公室")
    grant_role(actor=SYSTEM, now=now, account=account, role=Role.TASK_OWNER, unit=ground.district,
               since=date(2020, 1, 1))  # fmt: skip
    return account


def test_suggestions_put_the_same_together_and_nothing_happens_by_itself(now: datetime, ground: Ground) -> None:
    consultation = shut(now, ground)
    secretary = ground.officer("secretary")
    suggest_groups(actor=secretary, now=now, code=consultation.code)
    assert work_out_suggestions(now=now, consultation_id=consultation.pk) >= 1
    row = open_suggestions(consultation)[0]
    assert {opinion.text for opinion in row.opinions} == set(SAME)
    assert row.members == 3
    assert not OpinionGroup.objects.exists()
    group = take_suggestion(
        actor=secretary, now=now, code=consultation.code, suggestion_id=row.suggestion.pk,
        opinion_ids=[opinion.pk for opinion in row.opinions][:2], title=TITLE,
    )  # fmt: skip
    assert group.opinions.count() == 2
    with pytest.raises(Problem):
        refuse_suggestion(actor=secretary, now=now, code=consultation.code, suggestion_id=row.suggestion.pk)


def test_a_suggestion_takes_only_what_was_looked_at(now: datetime, ground: Ground) -> None:
    consultation = shut(now, ground)
    secretary = ground.officer("secretary")
    suggest_groups(actor=secretary, now=now, code=consultation.code)
    work_out_suggestions(now=now, consultation_id=consultation.pk)
    row = open_suggestions(consultation)[0]
    with pytest.raises(Problem):
        take_suggestion(actor=secretary, now=now, code=consultation.code, suggestion_id=row.suggestion.pk,
                        opinion_ids=keys(consultation), title=TITLE)  # fmt: skip
    with pytest.raises(Refused):
        suggest_groups(actor=ground.officer("executive"), now=now, code=consultation.code)
    refuse_suggestion(actor=secretary, now=now, code=consultation.code, suggestion_id=row.suggestion.pk)
    assert not [one for one in open_suggestions(consultation) if one.suggestion.pk == row.suggestion.pk]


def test_a_group_goes_to_an_office_which_prepares_and_the_deciders_give_it(now: datetime, ground: Ground) -> None:
    consultation = shut(now, ground)
    code = consultation.code
    secretary, executive = ground.officer("secretary"), ground.officer("executive")
    group = group_opinions(actor=secretary, now=now, code=code, opinion_ids=keys(consultation)[:3], title=TITLE)
    account = office(now, ground)
    given_to = Actor(account_id=account.pk, name="office")
    assign_group(actor=secretary, now=now, code=code, group_id=group.pk, account_id=account.pk, unit=ground.district)
    assert len(assigned_items(actor=given_to)) == 1
    (row,) = group_rows(consultation, now.date())
    assert (row.opinions, row.members, row.late) == (3, 3, False)
    (late,) = group_rows(consultation, (now + 40 * DAY).date())
    assert late.late
    assert work_split(consultation, (now + 40 * DAY).date()) == [("青禾区总工会", 1, 1)]
    with pytest.raises(Problem):
        sign_draft(actor=executive, now=now, code=code, group_id=group.pk, revision=0)
    draft_answer(actor=given_to, now=now, code=code, group_id=group.pk, outcome="adopted",
                 reason=localized("南门设站", "A stop there"), revision=0)  # fmt: skip
    with pytest.raises(Problem):
        draft_answer(actor=given_to, now=now, code=code, group_id=group.pk, outcome="partly",
                     reason=localized("晚一年", "Later"), revision=0)  # fmt: skip
    with pytest.raises(Problem):
        sign_draft(actor=executive, now=now, code=code, group_id=group.pk, revision=0)
    with pytest.raises(Refused):
        sign_draft(actor=given_to, now=now, code=code, group_id=group.pk, revision=1)
    assert unanswered_count(code) == 5
    assert sign_draft(actor=executive, now=now, code=code, group_id=group.pk, revision=1) == 3
    assert sign_draft(actor=executive, now=now, code=code, group_id=group.pk, revision=1) == 0
    assert unanswered_count(code) == 2
    assert assigned_items(actor=given_to) == []


def test_only_officers_who_may_prepare_answers_and_only_in_time(now: datetime, ground: Ground) -> None:
    consultation = shut(now, ground)
    secretary = ground.officer("secretary")
    group = group_opinions(
        actor=secretary, now=now, code=consultation.code, opinion_ids=keys(consultation)[:2], title=TITLE
    )
    account = office(now, ground)

    def assign(account_id: int, due: date | None = None) -> Assignment:
        return assign_group(actor=secretary, now=now, code=consultation.code, group_id=group.pk,
                            account_id=account_id, unit=ground.district, due=due)  # fmt: skip

    with pytest.raises(Problem):
        assign(account.pk + 1000)
    with pytest.raises(Problem):
        assign(account.pk, (now - DAY).date())
    with pytest.raises(Problem):
        assign(account.pk, (now + 400 * DAY).date())
    assert assign(account.pk).due > now.date()
    with pytest.raises(Refused):
        draft_answer(actor=ground.officer("secretary"), now=now, code=consultation.code, group_id=group.pk,
                     outcome="adopted", reason=TITLE, revision=0)  # fmt: skip


def test_templates_belong_to_an_outcome_and_leave_no_blank(now: datetime, ground: Ground) -> None:
    executive = ground.officer("executive")
    with pytest.raises(Refused):
        keep_template(actor=ground.officer("secretary"), now=now, unit=ground.root, outcome="partly", title=TITLE,
                      text=localized("已部分采纳：［内容］", ""))  # fmt: skip
    kept = keep_template(actor=executive, now=now, unit=ground.root, outcome="partly", title=TITLE,
                         text=localized("已部分采纳：［内容］", ""))  # fmt: skip
    assert list(templates_for(ground.district.path)) == [kept]
    consultation = shut(now, ground)
    group = group_opinions(actor=ground.officer("secretary"), now=now, code=consultation.code,
                           opinion_ids=keys(consultation)[:2], title=TITLE)  # fmt: skip
    account = office(now, ground)
    assign_group(actor=ground.officer("secretary"), now=now, code=consultation.code, group_id=group.pk,
                 account_id=account.pk, unit=ground.district)  # fmt: skip
    with pytest.raises(Problem):
        draft_answer(actor=Actor(account_id=account.pk), now=now, code=consultation.code, group_id=group.pk,
                     outcome="partly", reason=kept.text, revision=0)  # fmt: skip
    for _twice in range(2):
        retire_template(actor=executive, now=now, template_id=kept.pk)
    assert not templates_for(ground.district.path)


def test_splitting_leaves_no_group_of_one(now: datetime, ground: Ground) -> None:
    consultation = shut(now, ground)
    code, secretary = consultation.code, ground.officer("secretary")
    all_keys = keys(consultation)
    group = group_opinions(actor=secretary, now=now, code=code, opinion_ids=all_keys, title=TITLE)
    with pytest.raises(Problem):
        split_group(actor=secretary, now=now, code=code, group_id=group.pk, opinion_ids=all_keys, title=TITLE)
    assert (
        split_group(actor=secretary, now=now, code=code, group_id=group.pk, opinion_ids=all_keys[:1], title={}) is None
    )
    made = split_group(actor=secretary, now=now, code=code, group_id=group.pk, opinion_ids=all_keys[1:4], title=TITLE)
    assert made is not None
    assert made.opinions.count() == 3
    # One was left in the old group: it stands for itself.
    assert Opinion.objects.get(pk=all_keys[4]).group is None
    assert OpinionGroup.objects.filter(consultation=consultation).count() == 1


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from("gsdct"), st.sets(st.integers(0, 5), min_size=1), st.integers(0, 5)),
                max_size=8))  # fmt: skip
def test_merging_and_splitting_keep_every_opinion_and_supporter_exactly_once(
    now: datetime, ground: Ground, steps: list[tuple[str, set[int], int]]
) -> None:
    consultation = closed(now, ground, [(place % 4, f"意见{place}") for place in range(6)])
    code, secretary = consultation.code, ground.officer("secretary")
    before = {opinion.pk: (opinion.person_id, opinion.text, opinion.receipt) for opinion in
              Opinion.objects.filter(consultation=consultation)}  # fmt: skip
    order = sorted(before)
    for verb, places, at in steps:
        chosen = [order[place] for place in places]
        group_id = Opinion.objects.get(pk=order[at]).group_id or 0
        try:
            if verb == "g":
                group_opinions(actor=secretary, now=now, code=code, opinion_ids=chosen, title=TITLE)
            elif verb == "s":
                split_group(actor=secretary, now=now, code=code, group_id=group_id, opinion_ids=chosen, title=TITLE)
            elif verb == "d":
                dissolve_group(actor=secretary, now=now, code=code, group_id=group_id)
            elif verb == "c":
                author = next(one for one in ground.members if one.person_id == before[order[at]][0])
                contest_grouping(actor=author, now=now, opinion_id=order[at])
            else:
                made = Suggestion.objects.create(consultation=consultation, opinion_ids=chosen, loosest=1.0)
                take_suggestion(actor=secretary, now=now, code=code, suggestion_id=made.pk, opinion_ids=chosen,
                                title=TITLE)  # fmt: skip
        except Problem:
            pass
        kept = list(Opinion.objects.filter(consultation=consultation))
        assert {one.pk: (one.person_id, one.text, one.receipt) for one in kept} == before
        inside = [one.pk for group in OpinionGroup.objects.filter(consultation=consultation)
                  for one in group.opinions.all()]  # fmt: skip
        assert len(inside) == len(set(inside))
        assert set(inside) == {one.pk for one in kept if one.state == "grouped"}
        # Nobody is lost or counted twice: groups and those alone together hold everybody.
        people = {one.person_id for one in kept}
        assert supporters(kept) == len(people) == 4
        told = {row.group.pk: row.members for row in group_rows(consultation, now.date())}
        for group in OpinionGroup.objects.filter(consultation=consultation):
            assert told[group.pk] == len({one.person_id for one in group.opinions.all()}) > 0
