"""Opening an evaluation's sealed answers and verifying its result, against the barest unsealing.

Makes a box of sealed answers with credentials in parallel, then runs `qiao judge open --sign` and `qiao verify` on it
as anybody would. The floor is libsodium alone: the same answers, in memory, unsealed one after the other in one
process, nothing checked, nothing read, nothing counted. Prints seconds, the largest memory of any process and the ratio
to the floor.

    python bench/opening.py [--answers 100000] [--processes 2]
    python bench/opening.py --answers 1000000          # 3.4 GB of disk; making it takes most of the time

Results go to $QIAO_HOME/bench/opening.json.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "src"))

#: Answers of the floor are read in so many at a time; only the unsealing is timed.
CHUNK = 5_000


def fill(path: Path, first: int, count: int, public: str, issuer: str) -> bytes:
    """Write so many sealed answers with their credentials; their SHA-256 one after the other."""
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    from qiao.base import sealing
    from qiao.base.blind import new_token
    from qiao.judge.evaluations.rules.instrument import THREE_DEGREES_2

    # The member's device takes a blinded signature's blinding off; what is left is this very PSS signature.
    key = serialization.load_der_private_key(base64.b64decode(issuer), None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(key, rsa.RSAPrivateKey)
    pss = padding.PSS(padding.MGF1(hashes.SHA384()), salt_length=48)
    digests = []
    with path.open("w", encoding="ascii") as file:
        for number in range(first, first + count):
            used = number % 3 != 0
            answers = {
                "awareness": "yes" if number % 5 else "no", "participation": "yes" if used else "no",
                "satisfaction": ("very", "satisfied", "fairly", "not")[number % 4] if used else "",
                "solved": ("solved", "partly", "not")[number % 3], "comment": "末班太早" if number % 20 == 0 else "",
                "unprompted": "夜班班车" if number % 2 else "食堂", "instrument": THREE_DEGREES_2.version,
            }  # fmt: skip
            sealed = sealing.seal(public, answers)
            digest = hashlib.sha256(sealed).digest()
            token = new_token(digest)
            parts = {"sealed": sealed, "prefix": token[:32], "credential": key.sign(token, pss, hashes.SHA384())}
            row = {name: base64.b64encode(part).decode() for name, part in parts.items()}
            file.write(json.dumps(row) + "\n")
            digests.append(digest)
    return b"".join(digests)


def make(folder: Path, answers: int, processes: int) -> Path:
    """The download of a closed evaluation with so many answers, and the evaluator's keys beside it."""
    from qiao.base.blind import new_issuer_key
    from qiao.base.ledger import merkle
    from qiao.judge.evaluations.rules.instrument import THREE_DEGREES_2
    from qiao.judge.evaluations.rules.keys import new_keys

    keys, issuer = new_keys(), new_issuer_key()
    size = min(10_000, -(-answers // processes))
    starts = range(0, answers, size)
    pieces = [folder / f"part-{start}" for start in starts]
    counts = [min(size, answers - start) for start in starts]
    with ProcessPoolExecutor(processes) as pool:
        found = list(
            pool.map(fill, pieces, starts, counts, [keys.public] * len(pieces), [issuer.private] * len(pieces))
        )
    every = b"".join(found)
    digests = sorted(every[place : place + 32] for place in range(0, len(every), 32))
    head = {
        "format": "qiao-sealed-1", "evaluation": "E-1", "project": "W-1", "unit": "M",
        "title": {"zh-hans": "测", "en": "Measured"}, "instrument": THREE_DEGREES_2.version,
        "questions_hash": THREE_DEGREES_2.digest, "served": 2 * answers, "asked": answers, "answers": answers,
        "names": ["夜班班车"], "weights": {"awareness": 0.2, "participation": 0.3, "satisfaction": 0.5},
        "root": merkle.root([merkle.leaf_hash(digest) for digest in digests]).hex(),
        "public_key": keys.public, "signing_key": keys.registered.sign, "issuer_key": issuer.public,
    }  # fmt: skip
    box = folder / "E-1-sealed.jsonl"
    with box.open("wb") as whole:
        whole.write(json.dumps(head).encode() + b"\n")
        for piece in pieces:
            with piece.open("rb") as file:
                shutil.copyfileobj(file, whole, 1 << 20)
            piece.unlink()
    (folder / "E-1.key").write_text(keys.private)
    (folder / "E-1.sign.key").write_text(keys.sign)
    return box


def floor(box: Path, private: str) -> float:
    """Seconds libsodium takes to unseal them all in one process."""
    from nacl.public import PrivateKey, SealedBox

    opener, spent = SealedBox(PrivateKey(base64.b64decode(private))), 0.0
    with box.open("rb") as file:
        file.readline()
        while chunk := [base64.b64decode(json.loads(line)["sealed"]) for line in file.readlines(CHUNK * 3400)]:
            begun = time.perf_counter()
            for sealed in chunk:
                opener.decrypt(sealed)
            spent += time.perf_counter() - begun
    return spent


def timed(*command: str, code: int = 0) -> tuple[float, str]:
    """Seconds of a command of this installation, and what it printed."""
    begun = time.perf_counter()
    done = subprocess.run(
        [str(Path(sys.executable).with_name("qiao")), *command], stdout=subprocess.PIPE, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    assert done.returncode == code, done.stdout
    return time.perf_counter() - begun, done.stdout


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--answers", type=int, default=100_000)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    arguments = parser.parse_args()
    from django.conf import settings

    settings.configure(USE_I18N=False)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        begun = time.perf_counter()
        box = make(folder, arguments.answers, arguments.processes)
        found: dict[str, object] = {
            "answers": arguments.answers, "processes": arguments.processes, "bytes": box.stat().st_size,
            "made_seconds": round(time.perf_counter() - begun, 1),
        }  # fmt: skip
        print(
            f"{arguments.answers:,} made in {found['made_seconds']} s, {box.stat().st_size / 1e6:,.0f} MB", flush=True
        )
        least = floor(box, (folder / "E-1.key").read_text())
        print(f"floor: unsealed by libsodium alone, one process, in {least:.1f} s", flush=True)
        result = folder / "result.zip"
        opened, _ = timed(
            "judge", "open", str(box), "-k", str(folder / "E-1.key"), "--sign", str(folder / "E-1.sign.key"),
            "-o", str(result), "--processes", str(arguments.processes), "-f", "json",
        )  # fmt: skip
        # Kilobytes, the largest of all processes that ended: making, opening and its helpers.
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        # The evaluator's own file is not in a ledger yet: those checks fail, all of the bundle's own must hold.
        verified, told = timed("verify", str(result), "-f", "json", code=2)
    verdicts = {row["checked"]: row["verdict"] for row in json.loads(told)}
    own = ("files", "signature", "questions", "sealed answers", "figures", "report")
    assert all(verdicts[name] == "ok" for name in own), verdicts
    found |= {
        "floor_seconds": round(least, 2), "open_seconds": round(opened, 2), "verify_seconds": round(verified, 2),
        "open_to_floor": round(opened / least, 2), "verify_to_floor": round(verified / least, 3),
        "memory_mb": round(memory),
    }  # fmt: skip
    print(f"opened, every credential checked, result signed: {opened:.1f} s in {arguments.processes} processes, "
          f"{opened / least:.2f} of the floor, {memory:,.0f} MB at most in one process")  # fmt: skip
    print(f"verified: {verified:.1f} s, {verified / least:.3f} of the floor")
    kept = Path(os.environ.get("QIAO_HOME", "var")).resolve() / "bench"
    kept.mkdir(parents=True, exist_ok=True)
    (kept / "opening.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
