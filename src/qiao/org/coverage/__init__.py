"""Outreach to employers, coverage and its targets."""
