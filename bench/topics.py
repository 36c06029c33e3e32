"""Topics of 100,000 short texts: time and memory, beside TF-IDF with MiniBatchKMeans in the same run.

    .venv/bin/python bench/topics.py [--texts 100000] [--file TEXTS.txt]

Without a file texts are made up from a fixed vocabulary in Chinese and English, so that the run needs no data. Each
side runs in its own process; memory is its highest resident set. The time of the encoder is told apart: it is a model,
not a clustering, and both sides could use it.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

SUBJECTS = (
    "夜班",
    "食堂",
    "加班费",
    "托管班",
    "高温",
    "宿舍",
    "培训",
    "社保",
    "canteen",
    "overtime",
    "night bus",
    "holiday care",
)
SAYS = (
    "太贵了",
    "没有人管",
    "希望改善",
    "来得太晚",
    "不够用",
    "is too late",
    "costs too much",
    "has to get better",
    "拖了三个月",
)
PLACES = ("厂区", "车间", "窗口", "地铁站", "宿舍楼", "in the yard", "at the gate", "周末", "夏天", "every week")


def made_up(count: int, seed: int = 1) -> list[str]:
    """Short texts of both languages, mostly different."""
    rng = np.random.default_rng(seed)
    first, second, third = (rng.integers(0, len(part), count) for part in (SUBJECTS, SAYS, PLACES))
    numbers = rng.integers(1, 4_000, count)
    rows = zip(first, second, third, numbers, strict=True)
    return [f"{PLACES[c]}{SUBJECTS[a]}{SAYS[b]} 第{n}号" for a, b, c, n in rows]


def main() -> None:
    """Run both sides and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--texts", type=int, default=100_000)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--side", choices=["ours", "peer"])
    chosen = parser.parse_args()
    if chosen.side:
        texts = _read(chosen.file, chosen.texts)
        print(json.dumps(_ours(texts) if chosen.side == "ours" else _peer(texts)))
        return
    found = {}
    for side in ("ours", "peer"):
        # One thread of linear algebra on both sides: they are compared, not the machine's cores.
        env = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        command = [sys.executable, __file__, "--side", side, "--texts", str(chosen.texts)]
        command += ["--file", str(chosen.file)] if chosen.file else []
        done = subprocess.run(command, env=env, check=True, capture_output=True, text=True)
        found[side] = json.loads(done.stdout.splitlines()[-1])
        print(side, found[side], flush=True)
    ours, peer = found["ours"], found["peer"]
    print(f"topics without encoding: {ours['cluster'] / peer['total']:.2f} x TF-IDF + MiniBatchKMeans (CPU time)")
    print(f"topics with encoding:    {ours['total'] / peer['total']:.2f} x; memory {ours['mb'] / peer['mb']:.2f} x")


def _read(path: Path | None, count: int) -> list[str]:
    if path is None:
        return made_up(count)
    lines = [line.strip() for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    # A shorter file is repeated with a mark, so that texts stay different.
    return [f"{lines[number % len(lines)]} {number // len(lines) or ''}" for number in range(count)]


def _ours(texts: list[str]) -> dict[str, float]:
    from qiao.base.sentences import encode
    from qiao_stats.topics import find_topics, fold

    begin = time.process_time()
    folded = fold(texts, list(range(len(texts))))
    start = time.process_time()
    vectors = encode([texts[int(place)] for place in folded.first])
    encoded = time.process_time() - start
    found = find_topics(texts, vectors, seed=1, folded=folded, sources=list(range(len(texts))))
    total = time.process_time() - begin
    return _told(total, cluster=total - encoded, encode=encoded, different=folded.count, topics=len(found.topics))


def _peer(texts: list[str]) -> dict[str, float]:
    from sklearn.cluster import MiniBatchKMeans
    from sklearn.feature_extraction.text import TfidfVectorizer

    from qiao_stats.topics import words_of

    begin = time.process_time()
    table = TfidfVectorizer(analyzer=words_of, min_df=2).fit_transform(texts)
    MiniBatchKMeans(12, random_state=1, n_init=3).fit(table)
    return _told(time.process_time() - begin, topics=12)


def _told(total: float, **more: float) -> dict[str, float]:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"total": round(total, 1), "mb": round(peak), **{key: round(value, 1) for key, value in more.items()}}


if __name__ == "__main__":
    main()
