"""What sealing costs: on a slow phone, at the issuer, and when the answers are opened.

    python bench/sealed.py browser [--slow 4]                       # milliseconds on a slowed-down Chromium
    python bench/sealed.py opening [--answers 100000]               # answers checked and opened per second, one core

Results go to $QIAO_HOME/bench/sealed-*.json.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import secrets
import statistics
import sys
import threading
import time
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "src"))

GIVEN = {"awareness": "yes", "participation": "yes", "satisfaction": "fairly", "solved": "partly", "comment": ""}

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
    from qiao.judge.evaluations.rules.instrument import THREE_DEGREES_2
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
    content = {**GIVEN, "instrument": THREE_DEGREES_2.version}
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
        opened_ += readable(THREE_DEGREES_2, pair.private, sealed) is not None
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
    parser.add_argument("part", choices=["browser", "opening"])
    parser.add_argument("--slow", type=int, default=4)
    parser.add_argument("--answers", type=int, default=100_000)
    arguments = parser.parse_args()
    kept = Path(os.environ.get("QIAO_HOME", "var")).resolve() / "bench"
    found = (measure_browser if arguments.part == "browser" else measure_opening)(arguments)
    kept.mkdir(parents=True, exist_ok=True)
    (kept / f"sealed-{arguments.part}.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(f"written to {kept / f'sealed-{arguments.part}.json'}")


if __name__ == "__main__":
    main()
