"""Roles, the table of actions, grants."""
