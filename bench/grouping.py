"""Groups of opinions that say the same: time and memory over 50,000 opinions, beside a floor in the same run.

    .venv/bin/python bench/grouping.py [--opinions 50000] [--threshold 0.55] [--encode 500]

The floor is the least any exact way can do: every pair compared once, as blocks of a matrix product, and the pairs
above the threshold counted. Both sides run in a process of their own on one thread; memory is its highest resident
set. Vectors are made up (512 numbers each, a tenth of the opinions alone, the rest in bundles of 2 to 400), so that the
run needs no data; turning words into vectors is a model's work and is told apart, measured on ``--encode`` texts.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time

import numpy as np

_WIDTH, _BLOCK = 512, 512


def made_up(count: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors (count, 512) of opinions, and the bundle each belongs to (−1: alone)."""
    rng = np.random.default_rng(seed)
    bundle = np.full(count, -1)
    start, number = count // 10, 0
    while start < count:
        size = int(np.clip(np.exp(rng.normal(2.5, 1.2)), 2, 400))
        bundle[start : start + size] = number
        start, number = start + size, number + 1
    vectors = rng.normal(size=(count, _WIDTH)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    middles = rng.normal(size=(number, _WIDTH)).astype(np.float32)
    middles /= np.linalg.norm(middles, axis=1, keepdims=True)
    inside = bundle >= 0
    vectors[inside] = 0.55 * vectors[inside] + 0.835 * middles[bundle[inside]]
    return vectors[rng.permutation(count)], bundle


def main() -> None:
    """Run both sides and print the ratio."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--opinions", type=int, default=50_000)
    parser.add_argument("--threshold", type=float, default=0.55)
    parser.add_argument("--encode", type=int, default=500)
    parser.add_argument("--side", choices=["ours", "floor"])
    chosen = parser.parse_args()
    if chosen.side:
        vectors, _bundle = made_up(chosen.opinions)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        begin = time.process_time()
        told = (_ours if chosen.side == "ours" else _floor)(vectors, chosen.threshold)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        told |= {"cpu_s": round(time.process_time() - begin, 1), "mb": round(peak), "mb_before": round(before)}
        print(json.dumps(told))
        return
    found = {}
    for side in ("ours", "floor"):
        env = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        command = [sys.executable, __file__, "--side", side, "--opinions", str(chosen.opinions)]
        command += ["--threshold", str(chosen.threshold)]
        done = subprocess.run(command, env=env, check=True, capture_output=True, text=True)
        found[side] = json.loads(done.stdout.splitlines()[-1])
        print(side, found[side], flush=True)
    ours, floor = found["ours"], found["floor"]
    print(
        f"grouping {chosen.opinions:,} opinions: {ours['cpu_s'] / floor['cpu_s']:.2f} x the bare comparison (CPU time)"
    )
    if chosen.encode:
        from qiao.base.sentences import encode

        texts = [f"第{number}条意见：班车应当在南门设站，晚上十点以后也要开" for number in range(chosen.encode)]
        begin = time.process_time()
        encode(texts)
        print(f"words into vectors: {1000 * (time.process_time() - begin) / chosen.encode:.1f} ms an opinion")


def _ours(vectors: np.ndarray, threshold: float) -> dict[str, float]:
    from qiao_stats.opinion import group_alike

    groups = group_alike(vectors, threshold=threshold)
    return {"groups": len(groups), "grouped": sum(len(group.members) for group in groups)}


def _floor(vectors: np.ndarray, threshold: float) -> dict[str, float]:
    pairs = 0
    for first in range(0, len(vectors), _BLOCK):
        near = vectors[first : first + _BLOCK] @ vectors[first:].T >= threshold
        pairs += int(np.count_nonzero(near))
    return {"pairs": pairs}


if __name__ == "__main__":
    main()
