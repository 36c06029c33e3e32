"""What `qiao opinion` prints: one JSON document, rows of statistics, or tables to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from qiao.cli.output import Format, print_rows

if TYPE_CHECKING:
    from qiao.cli.opinion.reading import Conversation
    from qiao_stats.opinion import OpinionMap, Pick

_BEST = 10


def _identity(name: str) -> int | str:
    """Whole numbers as numbers, so that a reader of the JSON need not know how the file wrote them."""
    return int(name) if name.isascii() and name.isdigit() and str(int(name)) == name else name


def _pick(read: Conversation, pick: Pick) -> dict[str, object]:
    """A chosen statement under the names of Polis' own export."""
    figures: dict[str, object] = {
        "tid": _identity(read.statements[pick.statement]),
        "n-success": pick.count,
        "n-trials": pick.seen,
        "p-success": pick.share,
        "p-test": pick.share_z,
    }
    if pick.ratio is not None:
        figures |= {"repness": pick.ratio, "repness-test": pick.ratio_z}
        figures["repful-for"] = "agree" if pick.agree else "disagree"
    if pick.best_agree:
        figures |= {"n-agree": pick.count, "best-agree": True}
    return figures


def document(read: Conversation, result: OpinionMap, names: tuple[str, ...], seed: int) -> dict[str, object]:
    """Everything as one document; picks carry the names of Polis' own export."""
    codes, map_ = result.grouping.group, result.projection
    people = [_identity(name) for name in read.participants]
    return {
        "participants": len(people),
        "statements": len(read.statements),
        "votes": len(read.table),
        "moderated": [_identity(read.statements[i]) for i in (~read.kept).nonzero()[0]],
        "grouped": int((codes >= 0).sum()),
        "k": result.grouping.k,
        "seed": None if read.groups is not None else seed,
        "silhouette": result.grouping.silhouette,
        "groups": [
            {"id": _identity(name), "size": int(size), "members": [people[i] for i in (codes == code).nonzero()[0]]}
            for code, (name, size) in enumerate(zip(names, result.grouping.sizes(), strict=True))
        ],
        "representative": {
            name: [_pick(read, pick) for pick in picks]
            for name, picks in zip(names, result.representative, strict=True)
        },
        "consensus": {
            "agree": [_pick(read, pick) for pick in result.agreed],
            "disagree": [_pick(read, pick) for pick in result.disagreed],
        },
        "group_informed_consensus": dict(zip(read.statements, result.consensus_agree.tolist(), strict=True)),
        "group_informed_consensus_disagree": dict(
            zip(read.statements, result.consensus_disagree.tolist(), strict=True)
        ),
        "statistics": statistics_rows(read, result, names),
        "explained": map_.explained.tolist(),
        "coordinates": dict(zip(read.participants, map_.coordinates.tolist(), strict=True)),
    }


def statistics_rows(read: Conversation, result: OpinionMap, names: tuple[str, ...]) -> list[dict[str, object]]:
    """One row for each group and statement, moderated ones included."""
    s = result.statistics
    columns = {
        "na": s.votes.agree, "nd": s.votes.disagree, "ns": s.votes.seen,
        "pa": s.p_agree, "pd": s.p_disagree, "pat": s.p_agree_z, "pdt": s.p_disagree_z,
        "ra": s.r_agree, "rd": s.r_disagree, "rat": s.r_agree_z, "rdt": s.r_disagree_z,
    }  # fmt: skip
    lists = {key: array.tolist() for key, array in columns.items()}
    return [
        {"group_id": _identity(group), "statement_id": _identity(statement)}
        | {key: rows[g][i] for key, rows in lists.items()}
        for g, group in enumerate(names)
        for i, statement in enumerate(read.statements)
    ]


def print_tables(read: Conversation, result: OpinionMap, names: tuple[str, ...]) -> None:
    """Groups, what sets each apart, what all share."""
    grouped = int((result.grouping.group >= 0).sum())
    typer.echo(
        f"{len(read.participants)} participants, {len(read.statements)} statements ({int((~read.kept).sum())} moderated"
        f" out), {len(read.table)} votes. {grouped} participants in {result.grouping.k} groups."
    )
    for name, size, picks in zip(names, result.grouping.sizes().tolist(), result.representative, strict=True):
        typer.echo(f"\nGroup {name}: {size} participants. What sets it apart:")
        print_rows([_line(read, pick) for pick in picks], Format.TABLE)
    if result.agreed or result.disagreed:
        typer.echo("\nConsensus of all participants:")
        print_rows([_line(read, pick) for pick in result.agreed + result.disagreed], Format.TABLE)
    typer.echo("\nGroup-informed consensus (product of the shares that agree, over all groups):")
    best = sorted(read.kept.nonzero()[0].tolist(), key=lambda i: -float(result.consensus_agree[i]))[:_BEST]
    print_rows(
        [
            {
                "statement": read.statements[i],
                "value": float(result.consensus_agree[i]),
                "votes": int(result.overall.seen[0, i]),
                "text": _text(read, i),
            }
            for i in best
        ],
        Format.TABLE,
    )


def _line(read: Conversation, pick: Pick) -> dict[str, object]:
    figures: dict[str, object] = {
        "statement": read.statements[pick.statement],
        "for": "agree" if pick.agree else "disagree",
        "votes": f"{pick.count} of {pick.seen}",
        "share": pick.share,
        "z": pick.share_z,
    }
    if pick.ratio is not None:
        figures |= {"ratio to others": pick.ratio, "z of difference": pick.ratio_z}
    return figures | {"text": _text(read, pick.statement)}


def _text(read: Conversation, statement: int) -> str:
    text = " ".join(read.texts.get(read.statements[statement], "").split())
    return text if len(text) <= 60 else text[:59] + "…"
