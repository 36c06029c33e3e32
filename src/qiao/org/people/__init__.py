"""Persons and accounts."""
