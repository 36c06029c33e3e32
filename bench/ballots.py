"""How long it takes to count a million ballots by every rule, beside reading the same file.

    .venv/bin/python bench/ballots.py [ballots] [candidates] [seed]

Approvals of up to five of the candidates as Pabulib's .pb, rankings of up to five as PrefLib's .soi. Prints seconds of
the processor for the bare pass over the lines of the file, for reading it with its checks and for each count; the
ratio to that bare pass; and the peak of memory.
"""

from __future__ import annotations

import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np

from qiao_stats import ranking, share


def main() -> None:
    """Make both elections, read and count them."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    size = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    rng = np.random.default_rng(int(sys.argv[3]) if len(sys.argv) > 3 else 7)
    taste = rng.gumbel(size=(number, size)) + np.linspace(1.5, 0, size)
    orders = np.argsort(-taste, axis=1)[:, :5]
    lengths = rng.integers(1, 6, size=number)
    del taste
    print(f"{number:,} ballots, {size} to choose from")
    _ranked(orders, lengths, size)
    _approved(orders, lengths, size)
    print(f"memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB")


def _ranked(orders: np.ndarray, lengths: np.ndarray, size: int) -> None:
    lines = [f"# ALTERNATIVE NAME {one + 1}: c{one + 1}" for one in range(size)]
    for order, length in zip((orders + 1).tolist(), lengths.tolist(), strict=True):
        lines.append("1: " + ",".join(map(str, order[:length])))
    text = "\n".join(lines)
    floor = _timed("ranked: bare pass over the lines", lambda: Counter(text.splitlines()), None)[1]
    election = _timed("ranked: reading (.soi)", lambda: ranking.read_preflib(text), floor)[0]
    print(f"  {len(election.ballots):,} different orders")
    for rule in ranking.RankedRule:
        _timed(f"ranked: {rule.value}", lambda rule=rule: ranking.count_ranked(election, rule), floor)


def _approved(orders: np.ndarray, lengths: np.ndarray, size: int) -> None:
    cost = np.random.default_rng(3).integers(10, 100, size=size)
    lines = ["META", "key;value", f"budget;{int(cost.sum()) // 3}", "vote_type;approval", "PROJECTS", "project_id;cost"]
    lines += [f"{one};{cost[one]}" for one in range(size)]
    lines += ["VOTES", "voter_id;vote"]
    for voter, (order, length) in enumerate(zip(orders.tolist(), lengths.tolist(), strict=True)):
        lines.append(f"{voter};" + ",".join(map(str, sorted(order[:length]))))
    text = "\n".join(lines)
    floor = _timed("budget: bare pass over the lines", lambda: Counter(text.splitlines()), None)[1]
    election = _timed("budget: reading (.pb)", lambda: share.read_pabulib(text), floor)[0]
    shares = {"rule": share.Rule.EQUAL_SHARES}
    for name, options in {
        "equal shares": shares,
        "equal shares, then greedy": {**shares, "completion": share.Completion.GREEDY},
        "most votes first": {"rule": share.Rule.GREEDY},
    }.items():
        _timed(
            f"budget: {name}",
            lambda options=options: share.share_budget(election, increment=Fraction(1), **options),
            floor,
        )
    # Approval and limited choices: a place costs one, and there are five.
    places = replace(
        election, projects=tuple(replace(one, cost=Fraction(1)) for one in election.projects), budget=Fraction(5)
    )
    _timed("places: approval, limited choices", lambda: share.share_budget(places, share.Rule.GREEDY), floor)


def _timed(label: str, work: Callable[[], object], floor: float | None) -> tuple[object, float]:
    begun = time.process_time()
    made = work()
    taken = time.process_time() - begun
    print(f"{label:36} {taken:7.2f} s" + (f"  {taken / floor:6.1f} ×" if floor else ""), flush=True)
    return made, taken


if __name__ == "__main__":
    main()
