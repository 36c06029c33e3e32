"""How fast sealed answers come in: an evaluation's page against itself without sealing and against the barest view.

Three servers on loopback, each with the worker and thread numbers of `qiao serve`: the evaluation as it is (script off:
the server seals on arrival and signs the credential, its dearest way), the same pages with neither (`unsealed.py`), and
a Django view that does one INSERT (`floor.py`). Commits are durable in all three. Respondents answer in turns; every
answer counted must lie in its table. Prints both ratios and the bytes an answer takes on disk.

    python bench/evaluation_intake.py [--seconds 5] [--rounds 2] [--clients 1 8 32]

Results go to $QIAO_HOME/bench/evaluation-intake.json.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

import respondents
from intake import TABLE, count, free_port, serve

#: Single-use codes made for a run, half of them for each way.
CODES = 40_000


def prepare() -> tuple[str, list[str], list[dict[str, object]]]:
    """A project, its evaluation, open to everybody: its number, the codes and the questions."""
    from datetime import date, timedelta
    from decimal import Decimal

    from django.db import connection

    from qiao.base.access import SYSTEM
    from qiao.base.clock import now
    from qiao.base.i18n import localized, pick
    from qiao.deliver.programmes.choices import State
    from qiao.deliver.programmes.models import Project
    from qiao.judge.evaluations import services
    from qiao.judge.evaluations.rules.instrument import INSTRUMENTS
    from qiao.judge.evaluations.rules.keys import new_keys
    from qiao.judge.evaluators.services import admit
    from qiao.org.access.choices import Role
    from qiao.org.access.services import grant_role, open_account
    from qiao.org.units.choices import UnitKind
    from qiao.org.units.services import found_unit
    from qiao.org.workplaces.rules import check_sign

    moment = now()
    root = found_unit(
        actor=SYSTEM, now=moment, kind=UnitKind.FEDERATION, name=localized("测", "Measured"), label="M", parent=None,
        founded=date(2000, 1, 1),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO people_person (name, language) SELECT '甲', 'zh-hans' FROM generate_series(1, %s)", [CODES]
        )
        cursor.execute(
            "INSERT INTO membership_membership (person_id, unit_id, state, employment, since, transfer_confirmed) "
            "SELECT id, %s, 'active', 'direct', '2020-01-01', false FROM people_person", [root.pk],
        )  # fmt: skip
    accounts = {}
    for role in (Role.TASK_OWNER, Role.EVALUATOR):
        accounts[role] = open_account(actor=SYSTEM, now=moment, email=f"{role}@m.example", display_name=role.value)
        grant_role(
            actor=SYSTEM, now=moment, account=accounts[role], role=role, unit=root, since=date(2020, 1, 1)
        )  # fmt: skip
    body = "91990000MA0000001"
    admit(
        actor=SYSTEM, now=moment, unit=root, name=localized("量心研究所", "Fair Measure Institute"),
        reg_code=body + check_sign(body), contact="-", phone="", lead_email=accounts[Role.EVALUATOR].email,
        lead_name="-",
    )  # fmt: skip
    day = moment.date()
    Project.objects.create(
        code="W-1", decision_code="D-1", proposal_code="P-1", title=localized("夜班班车", "Night bus"),
        goal=localized("夜班有车", "A bus at night"), unit=root, owner=accounts[Role.TASK_OWNER], budget=Decimal(1000),
        starts=day - timedelta(days=90), due=day - timedelta(days=9), source_due=day - timedelta(days=9),
        state=State.VERIFIED, planned=moment - timedelta(days=90), started=moment - timedelta(days=90),
        verified=moment - timedelta(days=2),
    )  # fmt: skip
    evaluation = services.commission_evaluation(
        actor=SYSTEM, now=moment, project_code="W-1", title=localized("夜班班车", "Night bus"),
        evaluator=accounts[Role.EVALUATOR], opens=moment - timedelta(hours=1), closes=moment + timedelta(days=9),
    )  # fmt: skip
    keys = new_keys()
    services.register_key(actor=SYSTEM, now=moment, code=evaluation.code, keys=keys.registered)
    services.freeze_frame(actor=SYSTEM, now=moment, code=evaluation.code)
    services.open_evaluation(actor=SYSTEM, now=moment, code=evaluation.code, seed=keys.seed)
    codes = [row.secret_code for row in services.make_code_sheet(actor=SYSTEM, now=moment, code=evaluation.code)]
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE evaluations_rollentry")
    instrument = INSTRUMENTS[evaluation.instrument]
    asked: list[dict[str, object]] = [
        {
            "name": question.key, "kind": "one" if question.options else "text",
            "values": [option.value for option in question.options], "label": pick(question.label),
            "labels": [pick(option.label) for option in question.options],
        }
        for question in (*instrument.questions, instrument.comment)
    ]  # fmt: skip
    return evaluation.code, codes, asked


def measure(arguments: argparse.Namespace, home: Path, children: list[subprocess.Popen[bytes]]) -> dict[str, object]:
    os.environ["QIAO_HOME"] = str(home)
    os.environ.pop("DATABASE_URL", None)
    os.environ.pop("QIAO_DEMO", None)
    from qiao.cli.starting import make_ring, start_django
    from qiao.cli.starting import prepare as prepare_database
    from qiao.config.database import start_embedded

    print("starting two databases, opening an evaluation, making codes …", flush=True)
    start_django()
    prepare_database()
    make_ring()
    number, codes, asked = prepare()
    floor_url = start_embedded(home / "floor")
    import psycopg

    with psycopg.connect(floor_url, autocommit=True) as connection:
        connection.execute(TABLE)
    (home / "questions.json").write_text(json.dumps(asked, ensure_ascii=False), encoding="utf-8")
    fields = respondents.fields_of(asked)
    ports = {name: free_port() for name in ("sealed", "unsealed", "floor")}
    own = {"DJANGO_SETTINGS_MODULE": "qiao.config.settings.base"}
    children.append(serve("qiao.config.wsgi:application", ports["sealed"], own))
    children.append(serve("unsealed:application", ports["unsealed"], own))
    children.append(
        serve("floor:application", ports["floor"],
              {"FLOOR_DATABASE": floor_url, "FLOOR_QUESTIONS": str(home / "questions.json")})
    )  # fmt: skip

    def paths(own_codes: list[str]) -> Iterator[str]:
        return (f"/judge/evaluations/{number}/answer/{code}/" for code in own_codes)

    targets = {
        "sealed": respondents.Target(ports["sealed"], paths(codes[::2]), fields, b"R-"),
        "unsealed": respondents.Target(ports["unsealed"], paths(codes[1::2]), fields, b"R-"),
        "floor": respondents.Target(ports["floor"], itertools.repeat("/answer/"), fields, "谢谢".encode()),
    }
    box = (os.environ["DATABASE_URL"], "SELECT count(*) FROM evaluations_sealedanswer")
    stored = {"sealed": box, "unsealed": box, "floor": (floor_url, "SELECT count(*) FROM response")}
    found = compare(arguments, targets, stored)
    found["bytes_an_answer"] = size_of(box[0])
    return found


def size_of(url: str) -> dict[str, float]:
    """Bytes on disk for each answer: its row with all indexes, and its receipt's."""
    answers = count(url, "SELECT count(*) FROM evaluations_sealedanswer")
    sizes = {
        name: round(count(url, f"SELECT pg_total_relation_size('{table}')") / answers, 1)
        for name, table in (("answer", "evaluations_sealedanswer"), ("receipt", "base_receipt"))
    }
    print(f"on disk {sizes['answer']:.0f} bytes an answer with its indexes, {sizes['receipt']:.0f} its receipt")
    return sizes


def compare(
    arguments: argparse.Namespace, targets: dict[str, respondents.Target], stored: dict[str, tuple[str, str]]
) -> dict[str, object]:
    """Run all in turns and print the ratios."""
    for target in targets.values():
        # Every process draws its pages once: that is not what is measured.
        respondents.run(target, clients=8, seconds=1, warmup=3)
    results = []
    for clients in arguments.clients:
        rates: dict[str, list[float]] = {name: [] for name in targets}
        for turn in range(arguments.rounds):
            for name in list(targets)[turn % 3 :] + list(targets)[: turn % 3]:
                before = count(*stored[name])
                outcome = respondents.run(targets[name], clients=clients, seconds=arguments.seconds, seed=turn + 1)
                added = count(*stored[name]) - before
                if outcome.failed or added != outcome.completed:
                    raise SystemExit(f"{name}: {outcome.completed} completed, {added} stored, failed: {outcome.failed}")
                rates[name].append(outcome.rate)
        middle = {name: statistics.median(found) for name, found in rates.items()}
        row = {
            "clients": clients,
            **{f"{name}_per_second": round(rate, 1) for name, rate in middle.items()},
            "to_unsealed": round(middle["sealed"] / middle["unsealed"], 3),
            "to_floor": round(middle["sealed"] / middle["floor"], 3),
        }
        results.append(row)
        print(
            f"{clients:3} at a time: sealed {middle['sealed']:.0f} answers/s, unsealed {middle['unsealed']:.0f}, "
            f"floor {middle['floor']:.0f}; {row['to_unsealed']:.2f} of unsealed, {row['to_floor']:.2f} of the floor",
            flush=True,
        )
    return {"results": results, "seconds": arguments.seconds, "rounds": arguments.rounds}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 32])
    arguments = parser.parse_args()
    kept = Path(os.environ.get("QIAO_HOME", "var")).resolve() / "bench"
    children: list[subprocess.Popen[bytes]] = []
    with tempfile.TemporaryDirectory(prefix="qiao-evaluation-", ignore_cleanup_errors=True) as folder:
        try:
            found = measure(arguments, Path(folder), children)
        finally:
            for child in children:
                child.terminate()
            for child in children:
                child.wait(timeout=15)
    kept.mkdir(parents=True, exist_ok=True)
    (kept / "evaluation-intake.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(f"written to {kept / 'evaluation-intake.json'}")


if __name__ == "__main__":
    main()
