"""How fast answers come in: the survey page of Qiao against the barest Django view, in the same run.

Starts both on loopback, each with its own throw-away embedded PostgreSQL (commits are durable in both) and the same
server (granian, the worker and thread numbers of `qiao serve`), lets respondents answer at 1, 8, 32 and 64 at a time,
in turns, and prints the ratio. Every answer counted must lie in the table. Results go to $QIAO_HOME/bench/intake.json.

    python bench/intake.py [--seconds 6] [--rounds 3] [--clients 1 8 32 64]

Another survey server on this machine is measured by the same respondents against the same floor, with a description of
its form; start it yourself, with the processes it would have in use::

    python bench/intake.py --form other.json

    {"port": 8080, "paths": ["/survey/7?token=A1", "/survey/7?token=A2"], "repeat": false,
     "post": "/survey/7/submit", "expect": "Thank you",
     "count": {"url": "postgresql://...", "sql": "SELECT count(*) FROM responses"},
     "fields": [{"name": "q1", "kind": "one", "values": ["a", "b"]}, {"name": "q2", "kind": "text", "values": []}]}

``paths``: the page of each respondent, each used once, or over and over with ``repeat``; hidden fields of the page are
sent back. ``post``: where the form goes (left out: to the page). ``expect``: text of the thank-you page, also behind a
redirect. ``count`` (left out: not checked): how many answers are stored. ``kind``: one, some, number, text.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

import respondents

#: Single-use codes made for a run; at 700 answers a second they last two minutes.
CODES = 90_000
#: What the floor inserts into.
TABLE = "CREATE TABLE response (id bigserial PRIMARY KEY, answers jsonb, at timestamptz DEFAULT now())"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve(target: str, port: int, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    from qiao.cli.serve import THREADS, WORKERS

    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", str(WORKERS), "--blocking-threads", str(THREADS), "--no-ws", "--log-level", "warning", target,
    ]  # fmt: skip
    child = subprocess.Popen(command, env={**os.environ, **environment}, cwd=Path(__file__).parent)
    for _attempt in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=0.2).close()
            return child
        except OSError:
            time.sleep(0.1)
    child.terminate()
    raise SystemExit(f"{target} does not answer")


def prepare_qiao() -> tuple[list[str], list[dict[str, object]]]:
    """A federation, an open round with everybody invited; the codes and the questions."""
    from datetime import date, timedelta

    from django.db import connection

    from qiao.base.access import SYSTEM
    from qiao.base.clock import now
    from qiao.base.i18n import localized
    from qiao.hear.surveys import queries, services
    from qiao.hear.surveys.exports import template_form
    from qiao.org.units.choices import UnitKind
    from qiao.org.units.services import found_unit

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
    version = services.upload_questionnaire(
        actor=SYSTEM, now=moment, unit=root, title=localized("问卷"), file_name="form.xlsx", content=template_form()
    )
    survey = services.plan_round(
        actor=SYSTEM, now=moment, unit=root, title=localized("调查"), version=version, asked="census", opens=moment,
        closes=moment + timedelta(days=9), purpose=localized("测量"),
    )  # fmt: skip
    held = {key: True for key, _label in queries.POINTS}
    services.pass_plan(actor=SYSTEM, now=moment, code=survey.code, points=held)
    services.draw_round(actor=SYSTEM, now=moment, code=survey.code)
    services.open_round(actor=SYSTEM, now=moment, code=survey.code)
    codes = [line.code for line in services.make_code_sheet(actor=SYSTEM, now=moment, code=survey.code)]
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE surveys_invitation")
    return codes, questions(queries.runtime_of(version.pk).form)


def questions(form: object) -> list[dict[str, object]]:
    """The questionnaire as both sides ask it."""
    from qiao.base.xlsform import Form

    assert isinstance(form, Form)
    kinds = {"select_one": "one", "select_multiple": "some", "range": "one", "integer": "number"}
    made: list[dict[str, object]] = []
    for question in form.questions:
        choices = form.lists[question.choices].choices if question.choices else ()
        values = [choice.name for choice in choices] or (
            [str(n) for n in range(1, 6)] if question.type == "range" else []
        )
        made.append(
            {
                "name": question.key, "kind": kinds.get(question.type, "text"), "values": values,
                "label": form.text(question.label, form.default_language),
                "labels": [form.text(choice.label, form.default_language) for choice in choices] or values,
            }
        )  # fmt: skip
    return made


def cpu_seconds(children: list[subprocess.Popen[bytes]], data: Path) -> float:
    """CPU time of a server's processes and of the database whose data lie in ``data``."""
    import psutil

    total = 0.0
    roots = [psutil.Process(child.pid) for child in children]
    roots += [
        process
        for process in psutil.process_iter(["name", "cmdline"])
        if (process.info["name"] or "").startswith("postgres") and str(data) in " ".join(process.info["cmdline"] or [])
    ]
    for root in roots:
        for process in (root, *root.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                times = process.cpu_times()
                total += times.user + times.system
    return total


def count(url: str, question: str) -> int:
    import psycopg

    with psycopg.connect(url) as connection:
        row = connection.execute(question).fetchone()
    assert row is not None
    return int(row[0])


def measure(arguments: argparse.Namespace, home: Path, children: list[subprocess.Popen[bytes]]) -> dict[str, object]:
    os.environ["QIAO_HOME"] = str(home)
    os.environ.pop("DATABASE_URL", None)
    os.environ.pop("QIAO_DEMO", None)
    from qiao.cli.starting import make_ring, prepare, start_django
    from qiao.config.database import start_embedded

    print("starting two databases, making codes …", flush=True)
    start_django()
    prepare()
    make_ring()
    codes, asked = prepare_qiao()
    floor_url = start_embedded(home / "floor")
    import psycopg

    with psycopg.connect(floor_url, autocommit=True) as connection:
        connection.execute(TABLE)
    (home / "questions.json").write_text(json.dumps(asked, ensure_ascii=False), encoding="utf-8")
    ports = {"qiao": free_port(), "floor": free_port()}
    children.append(
        serve("qiao.config.wsgi:application", ports["qiao"], {"DJANGO_SETTINGS_MODULE": "qiao.config.settings.base"})
    )
    children.append(
        serve("floor:application", ports["floor"],
              {"FLOOR_DATABASE": floor_url, "FLOOR_QUESTIONS": str(home / "questions.json")})
    )  # fmt: skip
    fields = respondents.fields_of(asked)
    paths: Iterator[str] = (f"/hear/surveys/s/{code}/" for code in codes)
    targets = {
        "qiao": respondents.Target(ports["qiao"], paths, fields, b">R-"),
        "floor": respondents.Target(ports["floor"], itertools.repeat("/answer/"), fields, "谢谢".encode()),
    }
    stored = {
        "qiao": (os.environ["DATABASE_URL"], "SELECT count(*) FROM surveys_sealedanswer"),
        "floor": (floor_url, "SELECT count(*) FROM response"),
    }
    processes = {"qiao": ([children[0]], home / "postgres"), "floor": ([children[1]], home / "floor")}
    return compare(arguments, targets, stored, processes)


def measure_other(
    arguments: argparse.Namespace, home: Path, children: list[subprocess.Popen[bytes]]
) -> dict[str, object]:
    """Another server by its description, against the floor with the same fields."""
    told = json.loads(arguments.form.read_text(encoding="utf-8"))
    os.environ["QIAO_HOME"] = str(home)
    from qiao.config.database import start_embedded

    floor_url = start_embedded(home / "floor")
    import psycopg

    with psycopg.connect(floor_url, autocommit=True) as connection:
        connection.execute(TABLE)
    asked = [{"label": one["name"], "labels": one["values"], **one} for one in told["fields"]]
    (home / "questions.json").write_text(json.dumps(asked, ensure_ascii=False), encoding="utf-8")
    port = free_port()
    children.append(
        serve("floor:application", port,
              {"FLOOR_DATABASE": floor_url, "FLOOR_QUESTIONS": str(home / "questions.json")})
    )  # fmt: skip
    fields = respondents.fields_of(asked)
    paths = itertools.cycle(told["paths"]) if told.get("repeat") else iter(told["paths"])
    targets = {
        "other": respondents.Target(
            int(told["port"]), paths, fields, str(told["expect"]).encode(), post=told.get("post", "")
        ),
        "floor": respondents.Target(port, itertools.repeat("/answer/"), fields, "谢谢".encode()),
    }
    stored = {"floor": (floor_url, "SELECT count(*) FROM response")}
    if "count" in told:
        stored["other"] = (told["count"]["url"], told["count"]["sql"])
    return compare(arguments, targets, stored, {"floor": ([children[0]], home / "floor")})


def compare(
    arguments: argparse.Namespace,
    targets: dict[str, respondents.Target],
    stored: dict[str, tuple[str, str]],
    processes: dict[str, tuple[list[subprocess.Popen[bytes]], Path]],
) -> dict[str, object]:
    """Run both in turns and print the ratios. ``stored`` without a target: its answers are not counted again."""
    own = next(name for name in targets if name != "floor")
    for target in targets.values():
        # Every process draws its pages once: that is not what is measured.
        respondents.run(target, clients=16, seconds=1, warmup=3)
    results = []
    for clients in arguments.clients:
        rates: dict[str, list[respondents.Outcome]] = {own: [], "floor": []}
        work: dict[str, list[float]] = {own: [], "floor": []}
        for turn in range(arguments.rounds):
            for name in ("floor", own) if turn % 2 else (own, "floor"):
                before = count(*stored[name]) if name in stored else 0
                spent = cpu_seconds(*processes[name]) if name in processes else 0.0
                outcome = respondents.run(targets[name], clients=clients, seconds=arguments.seconds, seed=turn + 1)
                added = count(*stored[name]) - before if name in stored else outcome.completed
                if outcome.failed or added != outcome.completed:
                    raise SystemExit(f"{name}: {outcome.completed} completed, {added} stored, failed: {outcome.failed}")
                rates[name].append(outcome)
                if name in processes:
                    work[name].append(1000 * (cpu_seconds(*processes[name]) - spent) / max(outcome.completed, 1))
        middle = {name: statistics.median(one.rate for one in found) for name, found in rates.items()}
        row = {
            "clients": clients,
            f"{own}_per_second": round(middle[own], 1),
            "floor_per_second": round(middle["floor"], 1),
            "ratio": round(middle[own] / middle["floor"], 3),
            f"{own}_cpu_ms": round(statistics.median(work[own]), 2) if work[own] else None,
            "floor_cpu_ms": round(statistics.median(work["floor"]), 2),
            f"{own}_p50_ms": round(statistics.median(one.median for one in rates[own]), 1),
            f"{own}_p95_ms": round(statistics.median(one.high for one in rates[own]), 1),
        }
        results.append(row)
        spent_on = row[f"{own}_cpu_ms"] or "unknown"
        print(
            f"{clients:3} at a time: {row[f'{own}_per_second']:7} answers/s, floor {row['floor_per_second']:7}, "
            f"ratio {row['ratio']:.2f}; CPU of server and database {spent_on} against {row['floor_cpu_ms']} ms an "
            f"answer; median {row[f'{own}_p50_ms']} ms, 95 % within {row[f'{own}_p95_ms']} ms",
            flush=True,
        )
    return {"results": results, "seconds": arguments.seconds, "rounds": arguments.rounds}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 32, 64])
    parser.add_argument("--form", type=Path, help="description of another server's form, see above")
    arguments = parser.parse_args()
    kept = Path(os.environ.get("QIAO_HOME", "var")).resolve() / "bench"
    children: list[subprocess.Popen[bytes]] = []
    with tempfile.TemporaryDirectory(prefix="qiao-intake-", ignore_cleanup_errors=True) as folder:
        try:
            found = (measure_other if arguments.form else measure)(arguments, Path(folder), children)
        finally:
            for child in children:
                child.terminate()
            for child in children:
                child.wait(timeout=15)
    kept.mkdir(parents=True, exist_ok=True)
    name = "intake-other.json" if arguments.form else "intake.json"
    (kept / name).write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(f"written to {kept / name}")


if __name__ == "__main__":
    main()
