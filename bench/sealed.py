"""What sealing costs: answers with credentials against answers in one step and the barest view; a phone; the opening.

    python bench/sealed.py intake [--seconds 5] [--clients 8 32]    # answers per second, all three in one run
    python bench/sealed.py browser [--slow 4]                       # milliseconds on a slowed-down Chromium
    python bench/sealed.py opening [--answers 100000]               # answers opened and checked per second

*intake*: the two doors of an evaluation (a blinded number is signed, then the sealed answer comes with its credential),
the same evaluation answered in one step (the server seals), and a bare Django view that stores the same five answers
unsealed with one INSERT; each with a throw-away PostgreSQL, the worker and thread numbers of `qiao serve`, in turns.
Results go to $QIAO_HOME/bench/sealed-*.json.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import hashlib
import itertools
import json
import os
import secrets
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(ROOT / "src"))
sys.path.insert(0, str(ROOT))

import intake  # noqa: E402
import respondents  # noqa: E402

GIVEN = {"awareness": "yes", "participation": "yes", "satisfaction": "fairly", "solved": "partly", "comment": ""}
#: Members served: a code each.
PEOPLE = 6_000
#: Devices whose blinding and credential are computed before the clock runs: one answer each.
DEVICES = 1_500


def prepare() -> tuple[str, list[str], object]:
    """An open evaluation of many; its number, a code for everybody, the issuer's key."""
    from django.db import connection
    from tests.factories.judge import opened, town

    from qiao.base.clock import now
    from qiao.judge.evaluations import services

    place = town(now(), members=12)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO people_person (name, language) SELECT '甲', 'zh-hans' FROM generate_series(1, %s)", [PEOPLE]
        )
        cursor.execute(
            "INSERT INTO membership_membership (person_id, unit_id, state, employment, since, transfer_confirmed) "
            "SELECT id, %s, 'active', 'direct', '2020-01-01', false FROM people_person p "
            "WHERE NOT EXISTS (SELECT 1 FROM membership_membership m WHERE m.person_id = p.id)", [place.base.pk],
        )  # fmt: skip
    evaluation, _keys = opened(place)
    rows = services.make_code_sheet(actor=place.actor("evaluator"), now=now(), code=evaluation.code)
    return evaluation.code, [row.secret_code for row in rows], evaluation


def devices(evaluation: object, codes: list[str]) -> list[dict[str, str]]:
    """What each device sends to either door. Its credential is computed here: unblinding is not what is measured."""
    from tests.factories.credentials import blind

    from qiao.base import sealing
    from qiao.base.blind import PREFIX, sign_token
    from qiao.judge.evaluations.rules.instrument import CURRENT

    def text(raw: bytes) -> str:
        return base64.b64encode(raw).decode()

    issuer, made = evaluation.issuer, []
    public, private = issuer.public, issuer.private
    for code in codes:
        sealed = sealing.seal(evaluation.public_key, {**GIVEN, "instrument": CURRENT.version})
        asked = blind(public, hashlib.sha256(sealed).digest())
        made.append(
            {
                "code": code, "blinded": text(asked.blinded), "sealed": text(sealed),
                "prefix": text(asked.token[:PREFIX]), "credential": text(sign_token(private, asked.token)),
            }
        )  # fmt: skip
    return made


async def _two_doors(port: int, code: str, one: dict[str, str]) -> None:
    """The page, the issuer's door with its cookie, the box without any."""
    loop = asyncio.get_running_loop()
    _, connection = await loop.create_connection(respondents._Connection, "127.0.0.1", port)
    host = f"Host: 127.0.0.1:{port}\r\nAccept-Language: zh-CN\r\n"
    kind = "Content-Type: application/x-www-form-urlencoded\r\n"
    base = f"/judge/evaluations/{code}"
    try:
        status, page = await connection.ask(f"GET {base}/answer/{one['code']}/ HTTP/1.1\r\n{host}\r\n".encode())
        hidden = dict(respondents._hidden(page))
        cookies = "; ".join(f"{key}={value}" for key, value in connection.cookies.items())
        body = urlencode(
            {**{k: one[k] for k in ("blinded", "code")}, "csrfmiddlewaretoken": hidden["csrfmiddlewaretoken"]}
        )
        head = f"{host}{kind}Cookie: {cookies}\r\nContent-Length: {len(body)}\r\n"
        status, told = await connection.ask(f"POST {base}/credential/ HTTP/1.1\r\n{head}\r\n{body}".encode())
        if status != 200:
            raise respondents.Failed(f"credential {status} {told[:80]!r}")
        body = urlencode({k: one[k] for k in ("sealed", "prefix", "credential")})
        head = f"{host}{kind}Content-Length: {len(body)}\r\n"
        status, told = await connection.ask(f"POST {base}/box/ HTTP/1.1\r\n{head}\r\n{body}".encode())
        if status != 200 or b"R-" not in told:
            raise respondents.Failed(f"box {status} {told[:80]!r}")
    finally:
        assert connection.transport is not None
        connection.transport.close()


def two_doors(
    port: int, code: str, waiting: Iterator[dict[str, str]], clients: int, seconds: float
) -> tuple[float, int]:
    """Answers per second through the two doors, and how many came in."""

    async def run() -> tuple[float, int]:
        begun = time.perf_counter()
        done = 0

        async def respondent() -> None:
            nonlocal done
            while time.perf_counter() < begun + seconds:
                one = next(waiting, None)
                if one is None:
                    return
                await _two_doors(port, code, one)
                done += 1

        await asyncio.gather(*(respondent() for _ in range(clients)))
        return done / (time.perf_counter() - begun), done

    return asyncio.run(run())


def measure_intake(
    arguments: argparse.Namespace, home: Path, children: list[subprocess.Popen[bytes]]
) -> dict[str, object]:
    os.environ["QIAO_HOME"] = str(home)
    os.environ.pop("DATABASE_URL", None)
    os.environ.pop("QIAO_DEMO", None)
    from qiao.cli.starting import make_ring, start_django
    from qiao.cli.starting import prepare as prepare_home
    from qiao.config.database import start_embedded

    start_django()
    prepare_home()
    make_ring()
    from qiao.judge.evaluations.rules.instrument import CURRENT

    code, codes, evaluation = prepare()
    print(f"{len(codes):,} codes; computing {DEVICES:,} devices …", flush=True)
    waiting = iter(devices(evaluation, codes[:DEVICES]))
    asked = [
        {"name": question.key, "kind": "one", "values": [one.value for one in question.options],
         "label": question.key, "labels": [one.value for one in question.options]}
        for question in CURRENT.questions
    ]  # fmt: skip
    asked.append({"name": "comment", "kind": "text", "values": [], "label": "comment", "labels": []})
    floor_url = start_embedded(home / "floor")
    import psycopg

    with psycopg.connect(floor_url, autocommit=True) as connection:
        connection.execute(intake.TABLE)
    (home / "questions.json").write_text(json.dumps(asked), encoding="utf-8")
    port, floor_port = intake.free_port(), intake.free_port()
    children.append(
        intake.serve("qiao.config.wsgi:application", port, {"DJANGO_SETTINGS_MODULE": "qiao.config.settings.base"})
    )
    children.append(
        intake.serve("floor:application", floor_port,
                     {"FLOOR_DATABASE": floor_url, "FLOOR_QUESTIONS": str(home / "questions.json")})
    )  # fmt: skip
    fields = respondents.fields_of(asked)
    paths = (f"/judge/evaluations/{code}/answer/{one}/" for one in codes[DEVICES:])
    step = respondents.Target(port, paths, fields, b">R-")
    floor = respondents.Target(floor_port, itertools.repeat("/answer/"), fields, "谢谢".encode())
    for target in (step, floor):
        respondents.run(target, clients=16, seconds=1, warmup=2)
    two_doors(port, code, waiting, 8, 1)
    results = []
    for clients in arguments.clients:
        rates: dict[str, list[float]] = {"doors": [], "step": [], "floor": []}
        for turn in range(arguments.rounds):
            rates["doors"].append(two_doors(port, code, waiting, clients, arguments.seconds)[0])
            for name, target in (("step", step), ("floor", floor)):
                outcome = respondents.run(target, clients=clients, seconds=arguments.seconds, warmup=0.5, seed=turn + 1)
                if outcome.failed:
                    raise SystemExit(f"{name}: {outcome.failed}")
                rates[name].append(outcome.rate)
        middle = {name: round(statistics.median(found), 1) for name, found in rates.items()}
        results.append({"clients": clients, **middle})
        told = {name: f"{rate}/s ({rate / middle['floor']:.2f})" for name, rate in middle.items()}
        print(f"{clients:3} at a time: two doors {told['doors']}, one step {told['step']}, bare view unsealed "
              f"{told['floor']}", flush=True)  # fmt: skip
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        row = connection.execute(
            "SELECT count(*), pg_total_relation_size('evaluations_sealedanswer') FROM evaluations_sealedanswer"
        ).fetchone()
    assert row is not None
    print(f"{row[0]:,} sealed answers take {row[1] / row[0]:,.0f} bytes each on disk, indexes included")
    return {"results": results, "answers": row[0], "bytes_each": round(row[1] / row[0])}


PAGE = """async ({issuer, evaluator}) => {
  const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const times = {seal: [], blind: []};
  let last;
  for (let turn = 0; turn < 7; turn++) {
    let begun = performance.now();
    const sealed = qiaoSealedBox.seal(new Uint8Array(2048), bytes(evaluator));
    times.seal.push(performance.now() - begun);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", sealed));
    begun = performance.now();
    last = await qiaoBlind.blind(bytes(issuer), digest);
    times.blind.push(performance.now() - begun);
  }
  globalThis.last = last;
  return {times, blinded: btoa(String.fromCharCode(...last.blinded))};
}"""
FINISH = """async ({issuer, signed}) => {
  const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const found = [];
  for (let turn = 0; turn < 7; turn++) {
    const begun = performance.now();
    await qiaoBlind.finish(bytes(issuer), globalThis.last, bytes(signed));
    found.push(performance.now() - begun);
  }
  return found;
}"""


def measure_browser(arguments: argparse.Namespace) -> dict[str, object]:
    """Median milliseconds to seal, to blind and to take the blinding off, at full speed and slowed down."""
    import shutil

    from playwright.sync_api import sync_playwright

    from qiao.base.blind import new_issuer_key, sign_blinded
    from qiao.base.sealing import new_key_pair

    folder = str(ROOT / "src" / "qiao" / "web" / "static" / "vendor")

    class Quiet(SimpleHTTPRequestHandler):
        def __init__(self, *values: object, **named: object) -> None:
            super().__init__(*values, directory=folder, **named)  # type: ignore[arg-type]

        def log_message(self, *_words: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    issuer, evaluator = new_issuer_key(), new_key_pair()
    found: dict[str, object] = {}
    with sync_playwright() as tool:
        path = os.environ.get("QIAO_CHROMIUM") or shutil.which("chromium")
        browser = tool.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        for slow in (1, arguments.slow):
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{server.server_port}/manifest.json")
            for name in ("sealedbox.js", "blindrsa.js"):
                page.add_script_tag(url=f"/{name}")
            page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slow})
            told = page.evaluate(PAGE, {"issuer": issuer.public, "evaluator": evaluator.public})
            signed = base64.b64encode(sign_blinded(issuer.private, base64.b64decode(told["blinded"]))).decode()
            finish = page.evaluate(FINISH, {"issuer": issuer.public, "signed": signed})
            row = {name: round(statistics.median(times), 1) for name, times in told["times"].items()}
            row["finish"] = round(statistics.median(finish), 1)
            row["first"] = round(sum(times[0] for times in told["times"].values()) + finish[0], 1)
            found[f"{slow}x"] = row
            print(f"CPU {slow}× slower: seal {row['seal']} ms, blind {row['blind']} ms, unblind and check "
                  f"{row['finish']} ms; all of it the first time {row['first']} ms", flush=True)  # fmt: skip
            page.close()
        browser.close()
    server.shutdown()
    return found


def measure_opening(arguments: argparse.Namespace) -> dict[str, object]:
    """Answers sealed, checked against their credential and opened per second, with progress."""
    from qiao.base import sealing
    from qiao.base.blind import is_token, new_issuer_key, new_token, sign_blinded, sign_token
    from qiao.cli.judge import _plain_django
    from qiao.judge.evaluations.rules.instrument import CURRENT
    from qiao.judge.evaluations.rules.opened import readable

    _plain_django()
    issuer, pair = new_issuer_key(), sealing.new_key_pair()
    found: dict[str, object] = {"answers": arguments.answers}

    def timed(name: str, number: int, act: object) -> None:
        begun = time.perf_counter()
        for _ in range(number):
            act()  # type: ignore[operator]
        found[name] = round(1000 * (time.perf_counter() - begun) / number, 3)
        print(f"{name}: {found[name]} ms", flush=True)

    timed("sign_blinded_ms", 100, lambda: sign_blinded(issuer.private, b"\0" + secrets.token_bytes(255)))
    timed("sign_token_ms", 100, lambda: sign_token(issuer.private, new_token(b"x" * 32)))
    content = {**GIVEN, "instrument": CURRENT.version}
    # Sealing and signing a thousand and going through them again and again: what is opened is what is measured.
    box = []
    for _ in range(1000):
        sealed = sealing.seal(pair.public, content)
        token = new_token(hashlib.sha256(sealed).digest())
        box.append((sealed, token, sign_token(issuer.private, token)))
    begun, opened_ = time.perf_counter(), 0
    for number in range(arguments.answers):
        sealed, token, credential = box[number % 1000]
        assert token[32:] == hashlib.sha256(sealed).digest()
        assert is_token(issuer.public, token, credential)
        opened_ += readable(CURRENT, pair.private, sealed) is not None
        if number and number % max(arguments.answers // 10, 1) == 0:
            print(
                f"  {number:,} of {arguments.answers:,}, {number / (time.perf_counter() - begun):,.0f} a second",
                flush=True,
            )
    assert opened_ == arguments.answers
    spent = time.perf_counter() - begun
    found |= {"seconds": round(spent, 1), "per_second": round(arguments.answers / spent)}
    print(f"{opened_:,} checked and opened in {spent:.1f} s, {opened_ / spent:,.0f} a second on one core")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("part", choices=["intake", "browser", "opening"])
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--clients", type=int, nargs="+", default=[8, 32])
    parser.add_argument("--slow", type=int, default=4)
    parser.add_argument("--answers", type=int, default=100_000)
    arguments = parser.parse_args()
    # Told to stop it stops what it started, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    kept = Path(os.environ.get("QIAO_HOME", "var")).resolve() / "bench"
    if arguments.part == "intake":
        children: list[subprocess.Popen[bytes]] = []
        with tempfile.TemporaryDirectory(prefix="qiao-sealed-", ignore_cleanup_errors=True) as folder:
            try:
                found = measure_intake(arguments, Path(folder), children)
            finally:
                for child in children:
                    child.terminate()
                for child in children:
                    child.wait(timeout=15)
    elif arguments.part == "browser":
        found = measure_browser(arguments)
    else:
        found = measure_opening(arguments)
    kept.mkdir(parents=True, exist_ok=True)
    (kept / f"sealed-{arguments.part}.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(f"written to {kept / f'sealed-{arguments.part}.json'}")


if __name__ == "__main__":
    main()
