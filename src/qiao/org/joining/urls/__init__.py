"""Addresses of joining: for everybody, for the member, for officers of a unit."""
