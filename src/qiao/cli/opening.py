"""Opening a file of sealed answers in several processes: each reads its own stretches of it, none ever holds the whole.

What is kept in memory are the opened answers and a hash of each, never the sealed bytes.
"""

from __future__ import annotations

import contextlib
import multiprocessing
from collections.abc import Generator, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import TYPE_CHECKING

from qiao.base.problems import Place, Problem
from qiao.cli.output import progress

if TYPE_CHECKING:
    from qiao.judge.evaluations.rules.offline import Outcome, Part, SealedBox

#: Bytes of a stretch: about 1,500 sealed answers.
STRETCH = 4 * 1024 * 1024

#: What a process needs for its stretches, set once when it starts.
_work: list[tuple[Path, SealedBox, str]] = []


def open_file(path: Path, private: str, *, coding: Mapping[str, bool] | None, processes: int) -> Outcome:
    """Open a download of sealed answers. Raises Problem, located by line, as the rules do; the file is never changed.

    The outcome is the same however many processes take part. Django must be configured.
    """
    from qiao.judge.evaluations.rules.offline import gather, read_head, require_key

    source = str(path)
    try:
        with path.open("rb") as file:
            first = file.readline().removeprefix(b"\xef\xbb\xbf")
            begin, end = file.tell(), path.stat().st_size
    except OSError:
        raise Problem("The file cannot be read.", place=Place(source)) from None
    box = read_head(first, source)
    require_key(box, private)
    with contextlib.closing(parts(path, box, private, begin=begin, end=end, processes=processes)) as found:
        return gather(box, private, found, coding=coding)


def parts(
    path: Path, box: SealedBox, private: str, *, begin: int, end: int, processes: int
) -> Generator[Part, None, None]:
    """The parts of the file from byte ``begin`` on, in its order. Raises Problem where a process is ended meanwhile."""
    starts = range(begin, end, STRETCH)
    stretches = [(start, min(start + STRETCH, end)) for start in starts]
    with progress("Opened", end - begin, shown=len(stretches) > 1) as tell:
        for (_start, reached), part in zip(
            stretches, _parts(path, box, private, stretches, min(processes, len(stretches))), strict=True
        ):
            tell(reached - begin)
            yield part


def _parts(
    path: Path, box: SealedBox, private: str, stretches: list[tuple[int, int]], processes: int
) -> Iterator[Part]:  # fmt: skip
    if processes < 2:
        yield from (_open_stretch(path, box, private, *one) for one in stretches)
        return
    # Begun afresh, not forked: the same on every system, and no thread of this process is copied half-way.
    pool = ProcessPoolExecutor(
        processes, multiprocessing.get_context("spawn"), initializer=_begin, initargs=(path, box, private)
    )
    try:
        yield from pool.map(_one_of_many, stretches)
    except BrokenProcessPool:
        raise Problem(
            "A process that opened answers was ended from outside, perhaps for want of memory: nothing was written. "
            "Run it again, with fewer --processes.",
            place=Place(str(path)),
        ) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _begin(path: Path, box: SealedBox, private: str) -> None:
    from django.conf import settings

    settings.configure(USE_I18N=False)
    _work[:] = [(path, box, private)]


def _one_of_many(stretch: tuple[int, int]) -> Part:
    path, box, private = _work[0]
    return _open_stretch(path, box, private, *stretch)


def _open_stretch(path: Path, box: SealedBox, private: str, start: int, end: int) -> Part:
    """The lines that begin in these bytes."""
    from qiao.judge.evaluations.rules.offline import open_part

    return open_part(box, private, _lines_from(path, start, end))


def _lines_from(path: Path, start: int, end: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        # A line that began before belongs to the stretch before.
        file.seek(start - 1)
        file.readline()
        while file.tell() < end and (line := file.readline()):
            yield line
