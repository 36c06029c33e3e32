"""Checking the bundle of a vote: sealed box, receipts, ledger, and the count made again."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qiao.base.ledger import merkle
from qiao.base.problems import Place, Problem

HEAD, LEDGER, PAPERS, RECEIPTS = "ballot.json", "ledger.json", "papers.txt", "receipts.txt"


def check_ballot(folder: Path, receipt: str = "") -> list[dict[str, object]]:
    """Check an unpacked bundle; a row for each check. Raises Problem naming the first thing that does not fit."""
    head = _read(folder, HEAD)
    if head.get("format") != "qiao-ballot-bundle-1":
        raise Problem("This is no bundle of a vote.", place=Place(folder.name))
    try:
        rows = [_files(folder, head)]
        entries, proved = _entries(folder, head)
        rows.append(_row("ledger", f"{len(entries)} entries; {proved} of them proved against a signed head"))
        closed, result = entries["ballot.closed"], entries["ballot.result"]
        papers = None
        if head.get("papers_erased"):
            rows.append(_row("sealed box", "not possible any more: the papers were destroyed after the challenge time"))
        else:
            papers = _box(folder, closed)
            rows.append(_row("sealed box", f"{closed['turnout']} papers, each once, lead to the root in the ledger"))
        rows += [_receipts(folder, closed, receipt), *_count(folder, head, entries["ballot.rules"], result, papers)]
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        if isinstance(fault, Problem):
            raise
        raise Problem("The bundle does not hold what a bundle of a vote holds.", place=Place(folder.name)) from None
    return rows


def _row(checked: str, found: str) -> dict[str, object]:
    return {"checked": checked, "bytes": found, "sha256": ""}


def _read(folder: Path, name: str) -> dict[str, Any]:
    try:
        found = json.loads((folder / name).read_text(encoding="utf-8"))
    except OSError:
        raise Problem("The file %(name)s is missing.", place=Place(folder.name), name=name) from None
    except ValueError:
        raise Problem("This is no JSON file.", place=Place(name)) from None
    if not isinstance(found, dict):
        raise Problem("This is no JSON file.", place=Place(name))
    return found


def _lines(folder: Path, name: str) -> list[str]:
    try:
        return (folder / name).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise Problem("The file %(name)s is missing.", place=Place(folder.name), name=name) from None


def _files(folder: Path, head: Mapping[str, Any]) -> dict[str, object]:
    listed = {entry["name"]: entry["sha256"] for entry in head["files"]}
    for name, wanted in listed.items():
        if not (folder / name).is_file():
            raise Problem("The file %(name)s is missing.", place=Place(folder.name), name=name)
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != wanted:
            raise Problem("The file %(name)s is not the one that was packed.", place=Place(folder.name), name=name)
    return _row("files", f"{len(listed)} with the hash that is listed")


def _entries(folder: Path, head: Mapping[str, Any]) -> tuple[dict[str, dict[str, Any]], int]:
    """The ledger's entries by kind, and how many a signed head covers."""
    from datetime import datetime

    from nacl.exceptions import BadSignatureError
    from nacl.signing import VerifyKey

    from qiao.base.ledger.export import head_statement

    found: dict[str, dict[str, Any]] = {}
    proved = 0
    for entry in _read(folder, LEDGER)["entries"]:
        content = json.loads(entry["payload"])
        if content.get("code", head["code"]) != head["code"]:
            raise Problem("An entry of the ledger belongs to something else.", place=Place(LEDGER))
        found[content["kind"]] = content
        if "root" not in entry:
            continue
        fault = Problem("The proof does not lead from the entry to the signed head.", place=Place(LEDGER))
        leaf = merkle.leaf_hash(str(entry["payload"]).encode())
        path = [bytes.fromhex(step) for step in entry["path"]]
        root = merkle.root_from_inclusion(leaf, int(entry["index"]), int(entry["size"]), path)
        if root is None or root.hex() != entry["root"]:
            raise fault
        statement = head_statement(int(entry["size"]), root, datetime.fromisoformat(entry["at"]))
        try:
            VerifyKey(bytes.fromhex(entry["public_key"])).verify(statement, bytes.fromhex(entry["signature"]))
        except BadSignatureError:
            raise fault from None
        proved += 1
    return found, proved


def _box(folder: Path, closed: Mapping[str, Any]) -> Counter[str]:
    """What the papers say and how often, once they are those that were sealed."""
    lines = _lines(folder, PAPERS)
    keys = [line.partition(":")[0] for line in lines]
    if len(set(keys)) != len(keys):
        raise Problem("A paper is in the box twice.", place=Place(PAPERS))
    if len(lines) != closed["turnout"]:
        raise Problem(
            "The box holds %(found)d papers; %(said)d were sealed.",
            place=Place(PAPERS), found=len(lines), said=closed["turnout"],
        )  # fmt: skip
    if merkle.root([merkle.leaf_hash(line.encode()) for line in lines]).hex() != closed["papers_root"]:
        raise Problem("The papers are not those sealed at the close.", place=Place(PAPERS))
    return Counter(line.partition(":")[2] for line in lines)


def _receipts(folder: Path, closed: Mapping[str, Any], receipt: str) -> dict[str, object]:
    from qiao.base.codes import normal_receipt_number

    leaves = [bytes.fromhex(line) for line in _lines(folder, RECEIPTS)]
    if len(leaves) != closed["receipts"] or len(set(leaves)) != len(leaves):
        raise Problem("The receipts are not as many as were given.", place=Place(RECEIPTS))
    if merkle.root(sorted(leaves)).hex() != closed["receipts_root"]:
        raise Problem("The receipts are not those sealed at the close.", place=Place(RECEIPTS))
    if closed["marks"] != closed["turnout"] + closed["missing"]:
        raise Problem("Marks on the roll and papers are not equally many.", place=Place(LEDGER))
    told = f"{len(leaves)} lead to the root in the ledger; {closed['marks']} marks on the roll"
    if receipt:
        number = normal_receipt_number(receipt)
        if number is None or merkle.leaf_hash(number.encode()) not in leaves:
            raise Problem("The receipt %(number)s is not among them.", place=Place(RECEIPTS), number=receipt)
        told += f"; {number} is among them"
    return _row("receipts", told)


def _count(
    folder: Path, head: Mapping[str, Any], laid_down: Mapping[str, Any], result: Mapping[str, Any],
    papers: Counter[str] | None,
) -> list[dict[str, object]]:  # fmt: skip
    """The file of papers says what the sealed papers say, and counts to the result in the ledger by the rule in it."""
    name = next(entry["name"] for entry in head["files"] if entry["name"].startswith(f"{head['code']}."))
    data = (folder / name).read_bytes()
    if hashlib.sha256(data).hexdigest() != result["file_sha256"]:
        raise Problem("The file %(name)s is not the one the ledger names.", place=Place(name), name=name)
    if laid_down["rule"] != head["rule"]:
        raise Problem("The rule is not the one laid down before the vote.", place=Place(HEAD))
    text, codes = data.decode(), [line["code"] for line in laid_down["proposals"]]
    if name.endswith(".pb"):
        said, chosen = _budget(text, laid_down)
    else:
        said, chosen = _ranked(text, laid_down, codes)
    if papers is not None:
        valid = Counter({line: times for line, times in papers.items() if line})
        if valid != said:
            raise Problem("The file of papers does not say what the sealed papers say.", place=Place(name))
    published = [line["code"] for line in result["bought"]]
    if chosen != published:
        raise Problem(
            "Counted again, the result is %(again)s; published is %(said)s.",
            place=Place(name), again=", ".join(chosen) or "none", said=", ".join(published) or "none",
        )  # fmt: skip
    return [_row("count", f"{sum(said.values())} papers by {laid_down['rule']} give the published result")]


def _budget(text: str, laid_down: Mapping[str, Any]) -> tuple[Counter[str], list[str]]:
    from fractions import Fraction

    from qiao_stats import share

    election = share.read_pabulib(text)
    costs = {line["code"]: Fraction(line["cost"]) for line in laid_down["proposals"]}
    money = laid_down["budget"] is not None
    for project in election.projects:
        if project.cost != (costs[project.id] if money else 1):
            raise Problem("The cost of %(project)s is not the one laid down before the vote.", project=project.id)
    if election.budget != (Fraction(laid_down["budget"]) if money else laid_down["winners"]):
        raise Problem("The budget is not the one laid down before the vote.")
    if laid_down["rule"] == "equal-shares":
        more = share.Completion.GREEDY if laid_down["leftover"] == "most-votes" else share.Completion.NONE
        result = share.share_budget(election, share.Rule.EQUAL_SHARES, completion=more)
    else:
        result = share.share_budget(election, share.Rule.GREEDY)
    return Counter(",".join(ballot.projects) for ballot in election.ballots), list(result.selected)


def _ranked(text: str, laid_down: Mapping[str, Any], codes: list[str]) -> tuple[Counter[str], list[str]]:
    from qiao_stats import ranking

    election = ranking.read_preflib(text)
    if [name.partition(" ")[0] for name in election.candidates] != codes:
        raise Problem("The projects are not those laid down before the vote.")
    said: Counter[str] = Counter()
    for order, times in election.ballots.items():
        marks = [f"{codes[one]}={rank}" for rank, group in enumerate(order, 1) for one in group]
        said[",".join(marks)] += times
    result = ranking.count_ranked(election, ranking.RankedRule(laid_down["rule"]))
    named = {one for order in election.ballots for group in order for one in group}
    return said, [codes[one] for one in result.order[: laid_down["winners"]] if one in named]
