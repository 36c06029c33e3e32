"""Pages of the problem ledger."""
