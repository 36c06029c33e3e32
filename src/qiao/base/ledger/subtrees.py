"""Which complete subtrees a root or a proof is made of. Pure: with them stored, proofs cost a logarithm of the log.

A node (level, position) is the hash over the 2^level leaves from position·2^level on. Every range that RFC 9162 asks
for begins at a multiple of a power of two at least as large, so it falls into a few such nodes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from qiao.base.ledger.merkle import EMPTY_ROOT, node_hash

Node = tuple[int, int]
Span = tuple[int, int]
Fetch = Callable[[Sequence[Node]], Mapping[Node, bytes]]


def cover(start: int, size: int) -> list[Node]:
    """The nodes of leaves ``start`` to ``start + size``, largest first: one per bit of ``size``."""
    nodes = []
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            nodes.append((level, start >> level))
            start += 1 << level
    return nodes


def inclusion_spans(index: int, size: int) -> list[Span]:
    """The ranges (start, size) whose hashes are the audit path of a leaf (RFC 9162, 2.1.3.1), nearest first."""
    if not 0 <= index < size:
        raise IndexError(index)
    start, spans = 0, []
    while size > 1:
        cut = 1 << ((size - 1).bit_length() - 1)
        if index < start + cut:
            spans.append((start + cut, size - cut))
            size = cut
        else:
            spans.append((start, cut))
            start, size = start + cut, size - cut
    return spans[::-1]


def consistency_spans(old: int, size: int) -> list[Span]:
    """The ranges whose hashes prove that ``old`` leaves are a beginning of ``size`` (RFC 9162, 2.1.4.1)."""
    if not 0 < old <= size:
        raise ValueError("the older log has at least one entry and no more than the newer")
    start, known, spans = 0, True, []
    while old != size:
        cut = 1 << ((size - 1).bit_length() - 1)
        if old <= cut:
            spans.append((start + cut, size - cut))
            size = cut
        else:
            spans.append((start, cut))
            start, old, size, known = start + cut, old - cut, size - cut, False
    if not known:
        spans.append((start, size))
    return spans[::-1]


def completed(index: int) -> list[Node]:
    """The nodes above the leaves that are complete once leaf ``index`` stands, lowest first."""
    nodes, level = [], 0
    while index >> level & 1:
        level += 1
        nodes.append((level, index >> level))
    return nodes


def hashes_of(spans: Sequence[Span], fetch: Fetch) -> list[bytes]:
    """The hash over each range, with one question to ``fetch`` for all of them."""
    covers = [cover(start, size) for start, size in spans]
    known = fetch([node for nodes in covers for node in nodes])
    found = []
    for nodes in covers:
        if not nodes:
            found.append(EMPTY_ROOT)
            continue
        top = known[nodes[-1]]
        for node in reversed(nodes[:-1]):
            top = node_hash(known[node], top)
        found.append(top)
    return found
