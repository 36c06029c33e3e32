"""Checking the bundle of a survey: hashes, the entry in the ledger, the figures as far as they can be made again."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from qiao.base.problems import Place, Problem

BUNDLE, LEDGER, ROWS, MANIFEST, TABLE = "bundle.json", "ledger.json", "rows.parquet", "manifest.json", "answers.parquet"
#: Figures are kept with nine digits.
_CLOSE = 2e-8


def check_bundle(folder: Path) -> list[dict[str, object]]:
    """Check an unpacked bundle; a row for each check. Raises Problem naming the first thing that does not fit."""
    head = _read(folder, BUNDLE)
    if head.get("format") != "qiao-survey-bundle-1":
        raise Problem("This is no bundle of a survey.", place=Place(folder.name))
    rows = [_files(folder, head), _manifest(folder, head), _entry(folder, head)]
    results, facts = _read(folder, "results.json"), _read(folder, "round.json")
    rows += check_figures(folder, results)
    carried = head["rows"]
    if carried["carried"]:
        rows.append(_again(folder, folder / ROWS, results, facts, carried["questions"]))
    else:
        why = {
            "public": "single answers are never public", "erased": "the single answers were erased by rule",
            "small groups": "too few share what could be known of a person", "failed": "too few answers",
        }  # fmt: skip
        rows.append(_row("figures from answers", f"not possible here: {why.get(carried['why'], carried['why'])}"))
    return rows


def check_frozen(folder: Path) -> list[dict[str, object]]:
    """The figures of a frozen folder, computed again from its answers while they exist."""
    if not (folder / "results.json").is_file():
        return []
    results, facts = _read(folder, "results.json"), _read(folder, "round.json")
    rows = check_figures(folder, results)
    if not (folder / TABLE).is_file():
        return [*rows, _row("figures from answers", "not possible any more: the single answers were erased by rule")]
    if not results:
        return rows
    return [*rows, _again(folder, folder / TABLE, results, facts, None)]


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


def _files(folder: Path, head: Mapping[str, Any]) -> dict[str, object]:
    listed = {entry["name"]: entry["sha256"] for entry in head["files"]}
    here = {path.name for path in folder.iterdir()} - {BUNDLE}
    for name in sorted(here - set(listed)):
        raise Problem("The file %(name)s is not listed in the bundle.", place=Place(folder.name), name=name)
    for name, wanted in listed.items():
        if name not in here:
            raise Problem("The file %(name)s is missing.", place=Place(folder.name), name=name)
        if _hash(folder / name) != wanted:
            _locate(folder, head, name)
            raise Problem("The file %(name)s is not the one that was packed.", place=Place(folder.name), name=name)
    return _row("files", f"{len(listed)} with the hash that is listed")


def _locate(folder: Path, head: Mapping[str, Any], name: str) -> None:
    """Raise a Problem that names the very figure that was changed, where what else is in the bundle tells which."""
    if name not in {"figures.csv", "results.json"}:
        return
    results = _read(folder, "results.json")
    try:
        check_figures(folder, results)
        if head["rows"]["carried"]:
            _again(folder, folder / ROWS, results, _read(folder, "round.json"), head["rows"]["questions"])
    except Problem:
        raise
    except (KeyError, TypeError, ValueError, IndexError):
        # Changed so that it cannot be read as results any more: the file is what there is to name.
        return


def _manifest(folder: Path, head: Mapping[str, Any]) -> dict[str, object]:
    """The files that were frozen with the answers are those of the manifest."""
    if _hash(folder / MANIFEST) != head["manifest"]:
        raise Problem("The manifest is not the one the bundle names.", place=Place(MANIFEST))
    frozen = {entry["name"]: entry["sha256"] for entry in _read(folder, MANIFEST)["files"]}
    held = [name for name in frozen if (folder / name).is_file()]
    for name in held:
        if _hash(folder / name) != frozen[name]:
            _locate(folder, head, name)
            raise Problem("The file %(name)s is not the one that was frozen.", place=Place(folder.name), name=name)
    withheld = sorted(set(frozen) - set(held))
    if withheld != sorted(head["withheld"]):
        raise Problem("Files of the manifest are missing that the bundle does not withhold.", place=Place(BUNDLE))
    return _row("manifest", f"{len(held)} frozen files; not in this bundle: {', '.join(withheld) or 'none'}")


def _entry(folder: Path, head: Mapping[str, Any]) -> dict[str, object]:
    """The manifest stands in the ledger: entry, path to the head, signature."""
    if not (folder / LEDGER).is_file():
        return _row("ledger", "no signed head covered the entry when this bundle was made")
    from datetime import datetime

    from nacl.exceptions import BadSignatureError
    from nacl.signing import VerifyKey

    from qiao.base.ledger.export import head_statement
    from qiao.base.ledger.merkle import leaf_hash, root_from_inclusion

    proof = _read(folder, LEDGER)
    fault = Problem("The proof does not lead from the entry to the signed head.", place=Place(LEDGER))
    try:
        entry = json.loads(proof["payload"])
        leaf = leaf_hash(str(proof["payload"]).encode())
        path = [bytes.fromhex(step) for step in proof["path"]]
        root = root_from_inclusion(leaf, int(proof["index"]), int(proof["size"]), path)
        at = datetime.fromisoformat(proof["at"])
        if root is None or root.hex() != proof["root"]:
            raise fault
        key = VerifyKey(bytes.fromhex(proof["public_key"]))
        key.verify(head_statement(int(proof["size"]), root, at), bytes.fromhex(proof["signature"]))
    except (KeyError, TypeError, ValueError, BadSignatureError) as error:
        if error is fault:
            raise
        raise fault from None
    if entry.get("manifest") != head["manifest"] or entry.get("code") != head["code"]:
        raise Problem("The entry of the ledger is of another manifest.", place=Place(LEDGER))
    return _row("ledger", f"entry {proof['index']} under the head of {proof['size']}, key {proof['public_key'][:16]}…")


def check_figures(folder: Path, results: Mapping[str, Any]) -> list[dict[str, object]]:
    """What follows from the published tables alone: intervals, sums, hidden cells, and the CSV."""
    if not results:
        return [_row("figures", "none: published as failed")]
    return [
        _row("intervals", f"{_intervals(results)} follow from share, n, standard error and degrees of freedom"),
        _row("tables", f"{_sums(results)} questions whose shares add up; no hidden cell stands alone"),
        _row("figures.csv", f"{_same_csv(folder, results)} figures as in results.json"),
    ]


def _intervals(results: Mapping[str, Any]) -> int:
    from qiao_stats.estimation.intervals import bounds

    count = 0
    for question in results["questions"]:
        for option in question["options"]:
            for (share, lower, upper, n), se in zip(option["cells"], option["se"], strict=True):
                if share is None or lower is None or se is None:
                    continue
                low, high = bounds(
                    np.array([share]), np.array([se]), np.array([n]), df=int(results["df"]),
                    confidence=float(results["confidence"]), interval="beta",
                )  # fmt: skip
                # Standard errors are kept with nine digits; the interval of a small share feels that.
                if abs(float(low[0]) - lower) > 1e-4 or abs(float(high[0]) - upper) > 1e-4:
                    raise Problem(
                        "The interval of %(question)s = %(option)s does not follow from its standard error.",
                        place=Place("results.json"), question=question["name"], option=option["name"],
                    )  # fmt: skip
                count += 1
    return count


def _sums(results: Mapping[str, Any]) -> int:
    """Shares of questions with one answer each add up to 1; of hidden cells there are at least two."""
    count = 0
    for question in results["questions"]:
        if (question["kind"] == "choice" and not question["single"]) or len(question["options"]) < 2:
            continue
        for place in range(1 + len(results["groups"])):
            cells = [option["cells"][place] for option in question["options"]]
            shown = [cell[0] for cell in cells if cell[0] is not None]
            told = cells[0][3]
            if any(cell[3] != told for cell in cells):
                raise Problem(
                    "The numbers of answers of %(question)s differ.", place=Place("results.json"),
                    question=question["name"],
                )  # fmt: skip
            if len(shown) == len(cells) and told and abs(sum(shown) - 1) > 1e-6:
                raise Problem(
                    "The shares of %(question)s do not add up to 1.", place=Place("results.json"),
                    question=question["name"],
                )  # fmt: skip
            if len(shown) == len(cells) - 1 and 1 - sum(shown) > 1e-6 and told is not None:
                raise Problem(
                    "A hidden cell of %(question)s stands alone: it can be computed.", place=Place("results.json"),
                    question=question["name"],
                )  # fmt: skip
        count += 1
    return count


def _same_csv(folder: Path, results: Mapping[str, Any]) -> int:
    """Every row of the table is the figure of results.json, column by column; no row is missing or too many."""
    text = (folder / "figures.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    wanted = list(_figures(results))
    for number, (row, (key, values)) in enumerate(zip(rows, wanted, strict=False), start=2):
        if (row["question"], row["option"], row["group"], row["statistic"]) != key:
            raise Problem(
                "Here should stand the figure of %(question)s = %(option)s in %(group)s (%(statistic)s).",
                place=Place("figures.csv", row=number), question=key[0], option=key[1], group=key[2], statistic=key[3],
            )  # fmt: skip
        for column, value in zip(_COLUMNS, values, strict=True):
            if row[column] != ("" if value is None else str(value)):
                raise Problem(
                    "%(question)s = %(option)s in %(group)s: this table says %(found)s, results.json says %(wanted)s.",
                    place=Place("figures.csv", row=number, column=column), question=key[0], option=key[1] or key[3],
                    group=key[2], found=row[column] or "nothing", wanted="nothing" if value is None else value,
                )  # fmt: skip
    if len(rows) != len(wanted):
        raise Problem(
            "The table has %(found)s figures, results.json %(wanted)s.", place=Place("figures.csv"), found=len(rows),
            wanted=len(wanted),
        )  # fmt: skip
    return len(rows)


#: Columns of the table that hold figures.
_COLUMNS = ("n", "value", "lower95", "upper95", "se")


def _figures(results: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str, str, str], list[Any]]]:
    """What a figure is of (question, option, group, statistic) and its columns, in the order of the table."""
    keys = ["all", *(group["key"] for group in results["groups"])]
    for question in results["questions"]:
        told = {"all", *question["by"]}
        for option in question["options"]:
            for place, (key, (share, lower, upper, n), se) in enumerate(
                zip(keys, option["cells"], option["se"], strict=True)
            ):
                yield (question["name"], option["name"], key, "share"), [n, share, lower, upper, se]
                if "mean_place" in option and key.partition(":")[0] in told:
                    yield (question["name"], option["name"], key, "mean place"), [n, *option["mean_place"][place], None]
    for amount in results["numbers"]:
        for key, (value, lower, upper, n), se, middle in zip(
            keys, amount["cells"], amount["se"], amount["medians"], strict=True
        ):
            yield (amount["name"], "", key, "mean"), [n, value, lower, upper, se]
            yield (amount["name"], "", key, "median"), [n, *middle, None]


def _again(
    folder: Path, answers: Path, results: Mapping[str, Any], facts: dict[str, Any], only: list[str] | None
) -> dict[str, object]:
    """Compute every figure again from the answers that are here, by the code that published them."""
    import os

    import django
    import pyarrow.parquet as pq
    from django.apps import apps

    if not apps.ready:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qiao.config.settings.check")
        django.setup()
    from qiao.base.xlsform import read_form
    from qiao.hear.surveys.queries.computing import compute_results

    name = next((path.name for path in folder.iterdir() if path.name.startswith("questionnaire.")), "")
    if not name:
        raise Problem("The questionnaire is missing: the answers cannot be read without it.", place=Place(folder.name))
    again = compute_results(read_form((folder / name).read_bytes(), name), facts, pq.read_table(answers))
    here = ["all", *(group["key"] for group in again["groups"])]
    keys = ["all", *(group["key"] for group in results["groups"])]
    made = {(q["name"], o["name"]): dict(zip(here, o["cells"], strict=True)) for q in again["questions"]
            for o in q["options"]}  # fmt: skip
    count = 0
    for question in results["questions"]:
        if only is not None and question["name"] not in only:
            continue
        for option in question["options"]:
            for key, cell in zip(keys, option["cells"], strict=True):
                other = made.get((question["name"], option["name"]), {}).get(key)
                if only is not None and (other is None or other[0] is None):
                    continue
                if other is None or not _alike(cell, other):
                    raise _differs(question["name"], option["name"], key)
                count += cell[0] is not None
    if only is None:
        count += _numbers_alike(results, again)
        if [(one["key"], one["n"]) for one in again["groups"]] != [(g["key"], g["n"]) for g in results["groups"]]:
            raise Problem("The groups are other ones than those of the answers.", place=Place("results.json"))
    what = "all" if only is None else f"of {len(only)} questions carried"
    return _row("figures from answers", f"{count} computed again, {what}: the same")


def _numbers_alike(results: Mapping[str, Any], again: Mapping[str, Any]) -> int:
    made = {amount["name"]: amount for amount in again["numbers"]}
    count = 0
    for amount in results["numbers"]:
        other = made.get(amount["name"])
        for kind in ("cells", "medians"):
            for place, cell in enumerate(amount[kind]):
                if other is None or not _alike(cell, other[kind][place]):
                    raise _differs(amount["name"], kind, str(place))
                count += cell[0] is not None
    return count


def _differs(question: str, option: str, group: str) -> Problem:
    return Problem(
        "The figure of %(question)s = %(option)s in %(group)s is not the one that follows from the answers.",
        place=Place("results.json"), question=question, option=option, group=group,
    )  # fmt: skip


def _alike(one: list[Any], other: list[Any]) -> bool:
    return all(
        (a is None) == (b is None) and (a is None or abs(float(a) - float(b)) <= _CLOSE * max(1.0, abs(float(a))))
        for a, b in zip(one, other, strict=True)
    )


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
