"""Names of the files of a bundle, shared by whoever makes and whoever checks one."""

from __future__ import annotations

BUNDLE, LEDGER, ROWS = "bundle.json", "ledger.json", "rows.parquet"
