"""The problem ledger: what was found, who mends it, who checks again."""
