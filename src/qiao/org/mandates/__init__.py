"""Committees, terms, and who holds which post from when to when."""
