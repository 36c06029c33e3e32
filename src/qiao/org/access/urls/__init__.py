"""Addresses of the access table, and of a unit's officers below the unit's own."""
