"""Mechanisms every part shares and that know no word of the trade: database, clock, access, audit, ledger, files."""
