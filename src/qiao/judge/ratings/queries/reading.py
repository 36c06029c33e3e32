"""Reading ratings: boards, one rating's page, the roll as one member sees it, receipts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from qiao.base.access import Actor
from qiao.base.deadlines import due
from qiao.base.i18n import pick
from qiao.base.ledger import merkle
from qiao.base.models import LedgerLeaf, Receipt
from qiao.base.problems import Problem
from qiao.base.receipts import find_receipt
from qiao.judge.ratings.choices import RESULT_STATES, Grade, ObjectionState, PetitionState, State, Verdict
from qiao.judge.ratings.models import CountKey, MembersCall, Rating, RollEntry, RollObjection, Sheet, Signature
from qiao.judge.ratings.queries.lines import lines_of
from qiao.judge.ratings.rules.counting import ORDER, Line, changed, is_poor
from qiao.judge.ratings.rules.form import POINTS
from qiao.judge.ratings.rules.settings import CADENCE, MUST_PASS
from qiao.org.settings.queries import calendar_of, span_of
from qiao.org.units.models import Unit
from qiao_stats.trend import Change

PER_PAGE = 30
#: More lines of the roll are not shown at the desk: whoever stands there gives more of the name, or the number.
LINES = 20
RECEIPT = "rating"


@dataclass(frozen=True, slots=True)
class Row:
    """One point of a result as a page shows it; ``change`` against the rating before."""

    name: str
    line: Line
    poor: bool
    cells: tuple[tuple[str, int | None, bool], ...]
    change: Change | None

    @property
    def change_text(self) -> str:
        """The change in percentage points, with its sign."""
        if self.change is None:
            return ""
        return _("%(points)s points") % {"points": f"{100 * self.change.difference:+.0f}"}


@dataclass(frozen=True, slots=True)
class Past:
    """One rating of the same union in the trend."""

    rating: Rating
    satisfied: float | None
    at_least: float | None
    turnout: float | None


@dataclass(frozen=True, slots=True)
class OnRoll:
    """Whether the reader stands on the roll, and voted."""

    on_roll: bool = False
    voted: bool = False


@dataclass(frozen=True, slots=True)
class Proof:
    """That a receipt is among those whose root the ledger holds (hex)."""

    number: str
    root: str
    index: int
    size: int
    path: tuple[str, ...]
    entry: int | None


def rating_by_code(code: str) -> Rating:
    """The rating; raises Rating.DoesNotExist."""
    return Rating.objects.select_related("unit", "rerun_of").get(code=code)


def all_ratings() -> QuerySet[Rating]:
    """All ratings, newest first: that one was called is public, whoever is judged."""
    return Rating.objects.select_related("unit").order_by("-called", "-pk")


def rated_units(rating: Rating) -> list[Unit]:
    """The unions judged."""
    return [row.unit for row in rating.rated.select_related("unit").order_by("unit__path")]


def on_roll(rating: Rating, actor: Actor) -> OnRoll:
    """The reader's own line of the roll."""
    if actor.person_id is None:
        return OnRoll()
    found = RollEntry.objects.filter(rating=rating, person_id=actor.person_id).first()
    return OnRoll(True, found.voted) if found else OnRoll()


def rows_of(rating: Rating) -> list[Row]:
    """The result point by point."""
    if rating.state not in RESULT_STATES:
        return []
    before = _before(rating)
    earlier = {line.point: line for line in lines_of(before)} if before else {}
    rows = []
    for line in lines_of(rating):
        old = earlier.get(line.point)
        comparable = before is not None and old is not None and before.form["version"] == rating.form["version"]
        rows.append(
            Row(
                name=pick(POINTS[line.point]),
                line=line,
                poor=is_poor(line, rating.poor_below),
                cells=tuple((str(Grade(cell.grade).label), cell.count, cell.few) for cell in line.cells),
                change=changed(line.point, (before.code, old), (rating.code, line))
                if comparable and before is not None and old is not None
                else None,
            )
        )
    return rows


def _line_of_ratings(rating: Rating) -> QuerySet[Rating]:
    """Ratings with a result of exactly this union, or of the same small ones together, oldest first."""
    found = Rating.objects.filter(unit_id=rating.unit_id, joint=rating.joint, state__in=RESULT_STATES)
    return found.order_by("published", "pk")


def _before(rating: Rating) -> Rating | None:
    return _line_of_ratings(rating).filter(published__lt=rating.published).last() if rating.published else None


def trend(rating: Rating) -> list[Past]:
    """The ratings of this union over the years, oldest first; eight at most."""
    past = []
    for one in list(_line_of_ratings(rating).order_by("-published", "-pk")[:8])[::-1]:
        whole = next((line for line in lines_of(one) if line.point == "whole"), None)
        past.append(
            Past(one, whole.satisfied if whole else None, whole.at_least if whole else None, turnout_share(one))
        )
    return past


def turnout_share(rating: Rating) -> float | None:
    """Valid ballots ÷ roll."""
    return rating.turnout / rating.roll_size if rating.turnout is not None and rating.roll_size else None


def frontline_share(rating: Rating) -> float | None:
    """Front-line members among those who voted, from the roll; None where either part is too small to be told."""
    if rating.voted is None or rating.voted_frontline is None:
        return None
    rest = rating.voted - rating.voted_frontline
    if rating.voted == 0 or 0 < rating.voted_frontline < 5 or 0 < rest < 5:
        return None
    return rating.voted_frontline / rating.voted


def kept_of(rating: Rating) -> tuple[int, int]:
    """Remedies kept, and due."""
    verdicts = list(rating.remedies.values_list("verdict", flat=True))
    return sum(one == Verdict.KEPT for one in verdicts), len(verdicts)


def beside_of(rating: Rating) -> list[tuple[str, float, float, bool]]:
    """The upper union's own sheet: name, share, line, whether it passes."""
    return [
        (str(MUST_PASS[line["key"]].label), line["share"], line["line"], line["share"] >= line["line"])
        for line in rating.beside.get("lines", [])
    ]


def clocks_of(rating: Rating, now: datetime) -> list[tuple[str, date, bool]]:
    """Clocks that run: words, day, whether it is over."""
    today = localdate(now)
    found = []
    if rating.state in RESULT_STATES and not rating.response and rating.response_due:
        found.append((_("The union answers by"), rating.response_due))
    if rating.state == State.PUBLISHED and rating.plan_due:
        found.append((_("The union says what it will mend by"), rating.plan_due))
    if rating.state == State.REMEDY_PLAN and rating.recheck_due:
        found.append((_("The remedies are rechecked by"), rating.recheck_due))
    if rating.state == State.VOID and rating.rerun_due and not hasattr(rating, "rerun"):
        found.append((_("Run again by"), rating.rerun_due))
    if rating.published and not Rating.objects.filter(unit_id=rating.unit_id, called__gt=rating.called).exists():
        found.append((_("The next rating is due by"), next_due(rating)))
    return [(words, day, day < today) for words, day in found]


def next_due(rating: Rating) -> date:
    """When members rate this union again at the latest, by the cadence in force when its result was published."""
    published = rating.published or rating.called
    path, day = rating.unit.path, localdate(published)
    return localdate(due(published, span_of(CADENCE, path=path, on=day), calendar_of(path, day)))


def ledger_entries(code: str) -> list[tuple[str, int]]:
    """Kinds and numbers of the rating's entries in the ledger."""
    return list(LedgerLeaf.objects.filter(code=code).order_by("index").values_list("kind", "index"))


def seats_of(rating: Rating) -> list[CountKey]:
    """The count officers, in order."""
    return list(rating.keys.select_related("account").order_by("position"))


def own_seat(rating: Rating, actor: Actor) -> CountKey | None:
    """The reader's seat among the count officers."""
    return CountKey.objects.filter(rating=rating, account_id__in=actor.own_accounts).first()


def objections_of(rating: Rating, *, waiting: bool = False) -> list[RollObjection]:
    """Objections to the roll."""
    rows = rating.objections.select_related("by", "about").order_by("pk")
    return list(rows.filter(state=ObjectionState.FILED) if waiting else rows)


def own_objections(rating: Rating, actor: Actor) -> list[RollObjection]:
    """What the reader objected to."""
    return list(rating.objections.filter(by_id=actor.person_id).order_by("pk")) if actor.person_id else []


def objection_by_code(code: str) -> RollObjection:
    """One objection; raises RollObjection.DoesNotExist."""
    return RollObjection.objects.select_related("rating__unit", "by", "about").get(code=code)


def objection_url(code: str) -> str:
    """The page of the rating an objection belongs to."""
    found = RollObjection.objects.filter(code=code).values_list("rating__code", flat=True).first()
    return reverse("ratings:roll", args=[found]) if found else reverse("ratings:board")


def find_on_roll(rating: Rating, wanted: str) -> list[tuple[int, str, bool]]:
    """Members on the roll by number, or by the beginning of their name: number, name, voted; none for nothing asked."""
    wanted = " ".join(wanted.split())
    if not wanted:
        return []
    by = Q(person__name__istartswith=wanted)
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 16:
        by |= Q(person_id=int(wanted))
    rows = RollEntry.objects.filter(by, rating=rating).select_related("person").order_by("person__name", "person_id")
    return [(row.person_id, row.person.name, row.voted) for row in rows[:LINES]]


def next_sheet(rating: Rating, given: int, actor: Actor) -> int | None:
    """The lowest number of a paper this officer may type now; None where nothing is left for them."""
    known = {sheet.number: sheet for sheet in Sheet.objects.filter(rating=rating)}
    for number in range(1, given + 1):
        sheet = known.get(number)
        if sheet is None or (not sheet.settled and not actor.did(sheet.first_by, sheet.second_by)):
            return number
    return None


def receipt_proof(rating: Rating, text: str) -> Proof:
    """That a receipt is among those counted. Raises Problem for one that is not of this rating, or before the close."""
    receipt = find_receipt(text)
    if receipt is None or receipt.kind != RECEIPT or receipt.code != rating.code:
        raise Problem("This is no receipt of this rating, or it is mistyped.")
    if rating.closed is None:
        raise Problem("Your ballot is in the box. The proof stands here once the vote is closed.")
    numbers = Receipt.objects.filter(kind=RECEIPT, code=rating.code).values_list("number", flat=True)
    leaves = sorted(merkle.leaf_hash(number.encode()) for number in numbers)
    index = leaves.index(merkle.leaf_hash(receipt.number.encode()))
    entry = LedgerLeaf.objects.filter(code=rating.code, kind="rating.closed").order_by("index").first()
    path = tuple(step.hex() for step in merkle.inclusion_proof(leaves, index))
    if merkle.root(leaves).hex() != rating.receipts_root:
        raise Problem("The receipts are not those whose root stands in the ledger. Tell the auditor.")
    return Proof(receipt.number, rating.receipts_root, index, len(leaves), path, entry.index if entry else None)


def petition_by_code(code: str) -> MembersCall:
    """The petition; raises MembersCall.DoesNotExist."""
    return MembersCall.objects.select_related("unit", "rating").get(code=code)


def petitions_for(actor: Actor) -> list[MembersCall]:
    """Petitions that collect in the reader's unions, and those that reached their number."""
    own = Q(pk__in=[])
    for path in actor.member_paths:
        above = [path[:end] for end in range(5, len(path) + 1, 5)]
        own |= Q(unit__path__in=above, state=PetitionState.COLLECTING)
    found = MembersCall.objects.filter(own | Q(state=PetitionState.REACHED)).select_related("unit", "rating")
    return list(found.order_by("-began", "-pk")[:20])


def has_signed(petition: MembersCall, actor: Actor) -> bool:
    """Whether the reader signed."""
    return Signature.objects.filter(call=petition, person_id=actor.person_id or 0).exists()


def can_petition(actor: Actor) -> list[Unit]:
    """Unions of the reader that stand below another: for these a petition can begin."""
    paths = {path[:end] for path in actor.member_paths for end in range(10, len(path) + 1, 5)}
    return list(Unit.objects.filter(path__in=paths).order_by("-path"))


def latest_of(unit: Unit) -> Rating | None:
    """The newest rating that judges this union."""
    return Rating.objects.filter(rated__unit=unit).select_related("unit").order_by("-called", "-pk").first()


def due_ratings(now: datetime) -> tuple[list[str], list[str], list[str], list[str]]:
    """Codes to open, to close, with clocks to look at, and petitions that are over; for the system's clock."""
    today = localdate(now)
    to_open = Rating.objects.filter(
        state=State.ROLL_FROZEN, opens__lte=now, closes__gt=now, objections_until__lte=now
    ).values_list("code", flat=True)
    to_close = Rating.objects.filter(state=State.OPEN, closes__lte=now).values_list("code", flat=True)
    clocks = Rating.objects.filter(
        Q(state__in=RESULT_STATES, response_due__lt=today, response={})
        | Q(state=State.PUBLISHED, plan_due__lt=today)
        | Q(state=State.REMEDY_PLAN, recheck_due__lt=today)
        | Q(state=State.VOID, rerun_due__lte=today, rerun__isnull=True)
    ).values_list("code", flat=True)
    over = MembersCall.objects.filter(state=PetitionState.COLLECTING, until__lte=now).values_list("code", flat=True)
    return list(to_open), list(to_close), list(clocks), list(over)


def grade_labels() -> list[tuple[str, str]]:
    """Grades as a ballot lists them."""
    return [(grade.value, str(grade.label)) for grade in ORDER]
