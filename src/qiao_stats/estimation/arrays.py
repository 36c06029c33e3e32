"""Coding of labels as small integers: the common ground of strata, clusters and groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from qiao_stats.errors import StatsError

IntArray: TypeAlias = npt.NDArray[np.int64]
FloatArray: TypeAlias = npt.NDArray[np.float64]
BoolArray: TypeAlias = npt.NDArray[np.bool_]
#: What the kernels take as a column: numpy, Arrow or any sequence.
Column: TypeAlias = npt.NDArray[Any] | pa.Array | pa.ChunkedArray | Sequence[Any]

# A table look-up beats hashing while the span of the codes is not much larger than the column.
_SPAN = 8


def encode(values: Column) -> tuple[IntArray, tuple[object, ...]]:
    """Codes (n,) and the distinct values. A missing value (None, NaN, Arrow null) has code −1.

    Distinct values are sorted; those of an Arrow dictionary column keep its order, so that a caller can set one.
    """
    if isinstance(values, np.ndarray) and values.dtype.kind in "iub":
        codes, found = compress(values.astype(np.int64, copy=False))
        return codes, tuple(found.tolist())
    column = values if isinstance(values, (pa.Array, pa.ChunkedArray)) else pa.array(values, from_pandas=True)
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    if isinstance(column, pa.ChunkedArray):  # more text than one chunk can hold
        column = column.cast(pa.large_string()).combine_chunks()
    ordered = pa.types.is_dictionary(column.type)
    if not ordered:
        column = column.dictionary_encode()
    found_labels: list[object] = column.dictionary.to_pylist()
    labels = [label for label in found_labels if label is not None]
    if not ordered:
        labels = _sorted(labels)
    position = {label: code for code, label in enumerate(labels)}
    # The last place stands for missing: index −1 reaches it.
    recode = np.array([position.get(label, -1) for label in found_labels] + [-1], dtype=np.int64)
    indices = column.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64, copy=False)
    return recode[indices], tuple(labels)


def _sorted(labels: list[Any]) -> list[Any]:
    try:
        return sorted(labels)
    except TypeError:
        return sorted(labels, key=str)


def compress(codes: IntArray) -> tuple[IntArray, IntArray]:
    """Renumber integers 0..k−1 in ascending order: new codes (n,) and the k old values."""
    if codes.size == 0:
        return codes, codes
    low, high = int(codes.min()), int(codes.max())
    span = high - low + 1
    if span <= _SPAN * codes.size + 1024:
        shifted = codes - low if low else codes
        present = np.zeros(span, dtype=np.bool_)
        present[shifted] = True
        old = np.flatnonzero(present)
        if old.size == span:
            return shifted, old + low
        table = np.cumsum(present) - 1
        return table[shifted], old + low
    old, new = np.unique(codes, return_inverse=True)
    return new.astype(np.int64, copy=False), old


def combine(first: IntArray, second: IntArray, seconds: int) -> tuple[IntArray, IntArray, IntArray]:
    """Code the pairs that occur: codes (n,), and for each of the k pairs its first and second code (k,)."""
    if seconds > 0 and int(first.max(initial=0)) > np.iinfo(np.int64).max // (seconds + 1):
        raise StatsError("Too many combinations of strata, clusters and groups to number.")
    codes, old = compress(first * seconds + second)
    return codes, old // seconds, old % seconds


def bin_sums(bins: IntArray, values: FloatArray, count: int) -> FloatArray:
    """Sum of values (n,) per bin (count,)."""
    sums: FloatArray = np.bincount(bins, weights=values, minlength=count).astype(np.float64, copy=False)
    return sums


def as_floats(values: Column, *, column: str, rows: int | None = None) -> FloatArray:
    """A column as float64 (n,), missing as NaN.

    Raises:
        StatsError: not a one-dimensional column of numbers, or of another length than ``rows``.
    """
    try:
        if isinstance(values, (pa.Array, pa.ChunkedArray)):
            column_of_floats = pa.chunked_array([values]) if isinstance(values, pa.Array) else values
            array = column_of_floats.cast(pa.float64()).to_numpy()
        else:
            array = np.asarray(values, dtype=np.float64)
    except (ValueError, TypeError, pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise StatsError("%(name)s must hold numbers.", column=column, name=column) from None
    return check_length(array, column=column, rows=rows)


def check_length(array: npt.NDArray[Any], *, column: str, rows: int | None) -> npt.NDArray[Any]:
    """The array itself. Raises StatsError if it is not (rows,)."""
    if array.ndim != 1:
        raise StatsError(
            "%(name)s must be one column, not %(dims)s-dimensional.", column=column, name=column, dims=array.ndim
        )
    if rows is not None and array.size != rows:
        raise StatsError(
            "%(name)s has %(found)s rows, but the design has %(rows)s.",
            column=column,
            name=column,
            found=array.size,
            rows=rows,
        )
    return array
