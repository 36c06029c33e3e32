"""The judgment of the demonstration: one project judged well, one poorly, one now. All answers are invented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zlib import crc32

import numpy as np
from django.conf import settings
from django.core.mail import send_mail
from django.utils.timezone import localdate

from qiao.base.access import Actor
from qiao.base.i18n import localized
from qiao.cli.demo.world import World
from qiao.config.env import environment
from qiao.deliver.programmes.models import Project
from qiao.deliver.programmes.queries import projects_awaiting_judgment
from qiao.judge.evaluations import queries, services, tasks
from qiao.judge.evaluations.choices import Mode, Outcome
from qiao.judge.evaluations.exports import sealed_lines
from qiao.judge.evaluations.models import Evaluation
from qiao.judge.evaluations.rules.contacts import SHEETS
from qiao.judge.evaluations.rules.keys import EvaluatorKeys, new_keys
from qiao.judge.evaluations.rules.offline import open_lines, signed_result
from qiao.judge.evaluations.rules.states import RECHECK_MONTHS
from qiao.judge.evaluators.choices import Duty
from qiao.judge.evaluators.services import admit, give_seat
from qiao.org.access.queries import actor_for
from qiao.org.people.models import Account
from qiao.org.settings.services import set_value
from qiao.org.workplaces.rules import check_sign


@dataclass(frozen=True, slots=True)
class Chances:
    """How those served answer: shares of awareness and use; of users by grade and by whether the need was solved."""

    aware: float
    used: float
    grades: tuple[float, float, float, float, float, float]
    solved: tuple[float, float, float, float]


GOOD = Chances(aware=0.81, used=0.57, grades=(0.19, 0.35, 0.33, 0.07, 0.02, 0.04), solved=(0.52, 0.24, 0.08, 0.16))
POOR = Chances(aware=0.58, used=0.36, grades=(0.03, 0.10, 0.27, 0.36, 0.16, 0.08), solved=(0.10, 0.25, 0.48, 0.17))
GRADES = ("very", "satisfied", "fairly", "not", "not_at_all", "cannot_say")
#: What else members name when asked for services of their union.
OTHERS = ("食堂", "职工书屋", "法律援助", "疗休养", "")
SOLVED = ("solved", "partly", "not", "no_need")
COMMENTS = {
    "good": ("终于赶得上末班了。", "希望周末也有。", "时间再准一点就更好。", "谢谢，很实用。"),
    "poor": ("名额太少，报不上。", "开放时间和我们的班次对不上。", "通知来得太晚。", "说好的设备一直没到。"),
}
#: The interviewer of the organisation that judges.
CALLS = "calls@wangshu.example"
#: How many are drawn and how many of them answer, by size of the federation.
SAMPLES = {"small": (320, 150), "full": (1200, 520)}


def seed(world: World, earlier: Mapping[str, object]) -> dict[str, object]:  # noqa: ARG001 - one shape for all stages
    """Judge what was verified: what has waited long is judged already, one project is being judged now."""
    waiting = projects_awaiting_judgment("")
    codes: dict[str, str] = {}
    _seated(world)
    if not waiting:
        return {"evaluations": codes}
    # The federation looks again soon, so that the demonstration has a recheck to show.
    early = world.now - timedelta(days=100)
    set_value(
        actor=world.actor("org_officer"), now=early, setting_key=RECHECK_MONTHS.key, unit=world.root, value=1,
        since=localdate(early), reason="试行期内先短后长，一个月后即复查",
    )  # fmt: skip
    old = [project for project in waiting if project.verified and project.verified <= world.now - timedelta(days=66)]
    # Where all have waited long, the one with the widest unit is left open: more visitors can judge it themselves.
    newest = waiting[-1] if len(old) < len(waiting) else min(waiting, key=lambda project: len(project.unit.path))
    finished = [project for project in old if project.pk != newest.pk][:2]
    # A single finished project is the one judged poorly: it shows how a finding goes back to Hear.
    stories = (("good", GOOD), ("poor", POOR))[-len(finished) :] if finished else ()
    for (name, chances), project in zip(stories, finished, strict=True):
        codes[name] = _finished(world, project, name, chances)
    codes["open"] = _open_now(world, newest)
    return {"evaluations": codes}


def _seated(world: World) -> None:
    """The organisation from outside, with one who runs its evaluations and one who asks by telephone."""
    day = world.now - timedelta(days=400)
    body = "91990000MA0000007"
    organisation = admit(
        actor=world.actor("org_officer"), now=day, unit=world.root,
        name=localized("望舒社会调查研究所", "Wangshu Institute of Social Surveys"), reg_code=body + check_sign(body),
        contact="东桥市镜湖路 8 号 · office@wangshu.example", phone="000-55 00 08 08",
        lead_email=world.account("evaluator").email, lead_name=world.account("evaluator").display_name,
    )  # fmt: skip
    give_seat(
        actor=world.actor("evaluator"), now=day, organisation=organisation, email=CALLS,
        display_name="溪听雨", duty=Duty.INTERVIEWER,
    )  # fmt: skip


def _finished(world: World, project: Project, name: str, chances: Chances) -> str:
    size, number = SAMPLES[world.size]
    begun = world.now - timedelta(days=60)
    evaluation, keys = _opened(
        world, project, at=begun, opens=begun, closes=begun + timedelta(days=20), sample_size=size
    )
    _answer(evaluation, begun + timedelta(days=6), number, chances, COMMENTS[name])
    _interview(evaluation, world, begun + timedelta(days=7), chances, COMMENTS[name])
    _visit(world, evaluation, begun + timedelta(days=7), 24, chances.aware)
    run = world.actor("evaluator")
    services.close_evaluation(actor=run, now=evaluation.closes, code=evaluation.code)
    out = world.now - timedelta(days=35)
    evaluation = services.hand_out(actor=run, now=out - timedelta(days=1), code=evaluation.code)
    # What a real evaluator does on a machine of their own.
    outcome = open_lines(sealed_lines(evaluation), evaluation.code, keys.private)
    services.publish_result(actor=run, now=out, code=evaluation.code, files=signed_result(outcome, keys.sign))
    if name == "good":
        owner, *_others = queries.possible_owners(evaluation, localdate(out))
        services.respond(
            actor=world.actor("executive"),
            now=world.now - timedelta(days=21),
            code=evaluation.code,
            text=localized(
                "谢谢大家的评价。我们注意到仍有人不知道这件事：今后新入会会员的第一封信里会写明，请同一家机构复查。",
                "Thank you. Some still did not know of it: from now on every new member's first letter says so, "
                "and the same institute checks again.",
            ),
            promises=[
                services.Promised(
                    localized("新会员的第一封信写明班车时刻", "Every new member's first letter has the timetable"),
                    owner, localdate(world.now - timedelta(days=9)),
                ),
                services.Promised(
                    localized("两处站牌加装照明", "Lights at two of the stops"), owner,
                    localdate(world.now - timedelta(days=8)),
                ),
            ],
        )  # fmt: skip
        lines = queries.open_promises(evaluation)
        services.recheck(
            actor=run, now=world.now - timedelta(days=2), code=evaluation.code,
            text=localized(
                "抽查了三十名新会员，二十九名的信里有时刻表；实地看了两处站牌。",
                "Of thirty new members asked, twenty-nine had the timetable in their letter; both stops were visited.",
            ),
            found={
                lines[0].pk: (Outcome.KEPT, {}),
                lines[1].pk: (
                    Outcome.PARTLY,
                    localized("一处已装，另一处还在等施工许可。", "One is lit, the other waits for its permit."),
                ),
            },
        )  # fmt: skip
    return evaluation.code


def _open_now(world: World, project: Project) -> str:
    begun = world.now - timedelta(days=4)
    evaluation, keys = _opened(
        world, project, at=begun, opens=begun, closes=world.now + timedelta(days=9), sample_size=None
    )
    _answer(evaluation, world.now - timedelta(days=1), SAMPLES[world.size][1] // 3, GOOD, COMMENTS["good"])
    address = f"http://127.0.0.1:{environment().port}"
    for invitation in services.make_invitations(
        actor=world.actor("evaluator"), now=world.now, evaluation_id=evaluation.pk, most=2
    ):
        tasks.mail_invitation(evaluation, invitation, address)
    # Whoever tries the demonstration as the evaluator needs the private halves; real ones never leave their holder.
    send_mail(
        subject=f"{evaluation.code}.key · {evaluation.code}.sign.key",
        message=(
            f"演示专用：评估 {evaluation.code} 的私钥与签名密钥。真实评估中，它们只在第三方手里，从不经过邮件。\n"
            f"Demonstration only: the private keys of {evaluation.code}. Real ones are never mailed.\n\n"
            f"{evaluation.code}.key\n{keys.private}\n\n{evaluation.code}.sign.key\n{keys.sign}\n"
        ),
        from_email=settings.DEFAULT_FROM_EMAIL,
        recipient_list=[world.account("evaluator").email],
    )
    return evaluation.code


def _opened(
    world: World, project: Project, *, at: datetime, opens: datetime, closes: datetime, sample_size: int | None
) -> tuple[Evaluation, EvaluatorKeys]:
    """Terms, keys and roll of one evaluation; the keys beside it."""
    evaluation = services.commission_evaluation(
        actor=world.actor("executive"),
        now=at - timedelta(days=3),
        project_code=project.code,
        title=project.title,
        evaluator=world.account("evaluator"),
        opens=opens,
        closes=closes,
        sample_size=sample_size,
        contacts=24,
    )
    keys = new_keys()
    run = world.actor("evaluator")
    services.register_key(actor=run, now=at - timedelta(days=2), code=evaluation.code, keys=keys.registered)
    services.freeze_frame(actor=run, now=at, code=evaluation.code)
    return services.open_evaluation(actor=run, now=at, code=evaluation.code, seed=keys.seed), keys


def _interview(evaluation: Evaluation, world: World, at: datetime, chances: Chances, comments: tuple[str, ...]) -> None:
    """Some answer by telephone, a few on paper, with the codes of their letters."""
    rng = np.random.default_rng(7)
    asks = actor_for(Account.objects.get(email=CALLS), world.now.date())
    letters = services.make_code_sheet(actor=world.actor("evaluator"), now=at, code=evaluation.code)
    for number, letter in enumerate(letters[:34]):
        services.submit_sealed(
            actor=asks, now=at, code=evaluation.code, secret_code=letter.secret_code,
            answers=_invented(rng, chances, comments, evaluation.names[0]),
            mode=Mode.PHONE if number < 23 else Mode.PAPER,
        )  # fmt: skip


def _visit(world: World, evaluation: Evaluation, at: datetime, number: int, chance: float) -> None:
    """Mystery contacts: of what applies about this share is met."""
    rng = np.random.default_rng(number)
    asks = actor_for(Account.objects.get(email=CALLS), world.now.date())
    sheet = SHEETS[evaluation.contact_sheet]
    for _contact in range(number):
        scores = rng.choice(["met", "partly", "not", "na"], len(sheet.items), p=_split(chance))
        given = {item.key: str(score) for item, score in zip(sheet.items, scores, strict=True)}
        given["channel"] = str(rng.choice(list(sheet.channels)))
        services.report_contact(actor=asks, now=at, code=evaluation.code, given=given)


def _split(chance: float) -> list[float]:
    return [0.9 * chance, 0.9 * (1 - chance) / 2, 0.9 * (1 - chance) / 2, 0.1]


def _answer(
    evaluation: Evaluation,
    at: datetime,
    number: int,
    chances: Chances,
    comments: tuple[str, ...],
) -> None:
    """Answers of some on the roll; members who can sign in to the demonstration are left to answer themselves."""
    # By the words they use, not by the code: the numbers of codes go on from whatever was there before.
    rng = np.random.default_rng(crc32("".join(comments).encode()))
    with_account = set(Account.objects.filter(person__isnull=False).values_list("person_id", flat=True))
    roll = [
        person
        for person in evaluation.roll.order_by("person_id").values_list("person_id", flat=True)
        if person not in with_account
    ]
    for person in rng.permutation(roll)[:number]:
        services.submit_sealed(
            actor=Actor(person_id=int(person), name="member"),
            now=at,
            code=evaluation.code,
            answers=_invented(rng, chances, comments, evaluation.names[0]),
        )


def _invented(rng: np.random.Generator, chances: Chances, comments: tuple[str, ...], name: str) -> dict[str, str]:
    """One answer; of those who know the service a part names it before it is named to them."""
    used = rng.random() < chances.used
    aware = used or rng.random() < chances.aware
    known = [str(rng.choice(OTHERS)), *([name] if aware and rng.random() < (0.7 if used else 0.35) else [])]
    return {
        "unprompted": "、".join(one for one in known if one),
        "awareness": "yes" if aware else "no",
        "participation": "yes" if used else "no",
        "satisfaction": str(rng.choice(GRADES, p=chances.grades)) if used else "",
        "solved": str(rng.choice(SOLVED, p=chances.solved)) if used else ("no_need" if rng.random() < 0.6 else "not"),
        "comment": str(rng.choice(comments)) if rng.random() < 0.08 else "",
    }
