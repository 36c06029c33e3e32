"""The order of states, the outcome of a recheck, the settings of the problem ledger."""
