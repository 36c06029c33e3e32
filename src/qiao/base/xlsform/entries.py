"""Repeats on a page: the names of their fields, which entries were sent, adding one and taking one away.

A field of an entry is called ``repeat:number:question`` (``family:1:age``); repeats in repeats go on in the same way
(``family:1:job:2:title``). The field ``repeat:#`` lists the numbers of the entries shown. A number stays with its entry
while others go. Buttons send ``qiao:add`` (the repeat) or ``qiao:drop`` (the entry): nothing is stored then, the page
comes back changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

ADD, DROP = "qiao:add", "qiao:drop"
#: Entries that one repeat may have.
MOST = 50

Sent = Mapping[str, Sequence[str]]


def text_of(sent: Sent, name: str) -> str:
    """The first text of a field, without blanks around it."""
    got = sent.get(name)
    return (got if isinstance(got, str) else got[0]).strip() if got else ""


def numbers(sent: Sent, name: str) -> list[int]:
    """The numbers of the entries of the repeat ``name`` (with what stands before it), in order.

    Those listed as shown; where nothing is listed, those that have a field.
    """
    listed = text_of(sent, f"{name}:#")
    found = {int(part) for part in listed.split() if part.isascii() and part.isdecimal() and len(part) < 6}
    start = f"{name}:"
    for field in sent:
        if field.startswith(start):
            part = field[len(start) :].partition(":")[0]
            if part.isascii() and part.isdecimal() and len(part) < 6 and text_of(sent, field):
                found.add(int(part))
    return sorted(found)


def filled(sent: Sent, prefix: str) -> bool:
    """Whether any field of an entry holds something."""
    return any(name.startswith(prefix) and not name.endswith(":#") and text_of(sent, name) for name in sent)


def changes(sent: Sent) -> bool:
    """Whether a button for adding or taking away an entry was pressed."""
    return bool(text_of(sent, ADD) or text_of(sent, DROP))


def changed(sent: Sent) -> dict[str, list[str]]:
    """The fields with the entry added or taken away that a button asked for."""
    made = {name: [got] if isinstance(got, str) else list(got) for name, got in sent.items()}
    name, gone = text_of(sent, ADD), text_of(sent, DROP)
    made.pop(ADD, None)
    made.pop(DROP, None)
    if name:
        there = numbers(sent, name)
        if len(there) < MOST:
            made[f"{name}:#"] = [" ".join(str(number) for number in [*there, max(there, default=0) + 1])]
    elif gone:
        repeat, _, number = gone.rpartition(":")
        left = [one for one in numbers(sent, repeat) if str(one) != number]
        made = {field: got for field, got in made.items() if not field.startswith(f"{gone}:")}
        made[f"{repeat}:#"] = [" ".join(str(one) for one in left)]
    return made
