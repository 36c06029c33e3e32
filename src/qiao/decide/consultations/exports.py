"""Files to take away: the moderation log, and the opinion map with its figures."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections import Counter
from collections.abc import Sequence
from datetime import date

import qrcode
from django.utils.timezone import localdate
from qrcode.image.svg import SvgPathImage

from qiao.base.cells import disarmed
from qiao.base.i18n import pick
from qiao.decide.consultations.models import Consultation, Vote
from qiao.decide.consultations.queries import Outcomes
from qiao.decide.consultations.queries.moderation import LogLine
from qiao.decide.consultations.rules.desk import SMALLEST


def log_csv(lines: Sequence[LogLine]) -> bytes:
    """The moderation log as CSV: no author, no moderator (UTF-8 with mark, for spreadsheet programs)."""
    rows: list[list[object]] = [["code", "day", "act", "about", "reason_code", "reason", "note", "words"]]
    rows += [
        [line.code, localdate(line.made).isoformat(), line.act, line.about, line.ground, line.label, pick(line.note),
         line.words]
        for line in lines
    ]  # fmt: skip
    return _csv(rows)


def map_bundle(consultation: Consultation, outcomes: Outcomes, today: date) -> bytes:
    """The published figures, the map, and where disclosure allows it all votes, with a manifest of hashes, as ZIP."""
    files = {"statements.csv": _statements(outcomes), "map.json": _map_json(consultation)}
    matrix = votes_csv(consultation)
    if matrix is not None:
        files["votes.csv"] = matrix
    files["manifest.json"] = json.dumps(
        {
            "format": "qiao-opinion-map-1",
            "consultation": consultation.code,
            "unit": consultation.unit.label,
            "closed": consultation.closed.date().isoformat() if consultation.closed else "",
            "made": today.isoformat(),
            "voters": outcomes.voters,
            "smallest_cell": SMALLEST,
            "votes": "every pattern of votes is held by at least 5 members"
            if matrix is not None
            else "left out: single members could be told apart by their pattern of votes",
            "files": [
                {"name": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
                for name, content in sorted(files.items())
            ],
        },
        ensure_ascii=False,
        indent=1,
    ).encode()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)
    return stream.getvalue()


def votes_csv(consultation: Consultation) -> bytes | None:
    """All votes, one row a member in no order, one column a statement; None unless each row occurs five times.

    Who knows how somebody voted on some statements must not find the rest of their votes.
    """
    rows: dict[str, dict[int, int]] = {}
    numbers: set[int] = set()
    votes = Vote.objects.filter(statement__consultation=consultation, statement__shown=True)
    for voter, number, value in votes.values_list("voter", "statement__number", "value"):
        rows.setdefault(voter, {})[number] = value
        numbers.add(number)
    columns = sorted(numbers)
    patterns = Counter(tuple(row.get(number) for number in columns) for row in rows.values())
    if not patterns or min(patterns.values()) < SMALLEST:
        return None
    table: list[list[object]] = [[f"statement_{number}" for number in columns]]
    for pattern, count in sorted(patterns.items(), key=lambda found: (-found[1], str(found[0]))):
        table += [["" if value is None else value for value in pattern]] * count
    return _csv(table)


def _statements(outcomes: Outcomes) -> bytes:
    rows: list[list[object]] = [
        ["statement", "text", "group", "size", "n", "agree_share", "lower_95", "upper_95", "fewer_than_5", "all_agree"]
    ]
    sizes = {group.name: group.size for group in outcomes.groups}
    for row in outcomes.statements:
        for name, share in (("all", row.share), *row.groups):
            size = outcomes.voters if name == "all" else sizes.get(name)
            told = [share.n, share.agree, share.lower, share.upper, share.few] if share else ["", "", "", "", ""]
            rows.append([row.number, pick(row.text), name, size, *told, int(row.common)])
    return _csv(rows)


def _map_json(consultation: Consultation) -> bytes:
    kept = consultation.results or {}
    return json.dumps(
        {"map": kept.get("map"), "groups": kept.get("groups"), "common": kept.get("common")},
        ensure_ascii=False, indent=1,
    ).encode()  # fmt: skip


def _csv(rows: Sequence[Sequence[object]]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    for row in rows:
        writer.writerow([disarmed("" if cell is None else cell) for cell in row])
    return stream.getvalue().encode("utf-8-sig")


def qr_svg(text: str) -> str:
    """A QR code as an SVG element, for sheets; holds ``text`` and nothing else."""
    made = qrcode.make(text, image_factory=SvgPathImage, border=2, error_correction=qrcode.constants.ERROR_CORRECT_M)
    return str(made.to_string(encoding="unicode"))
