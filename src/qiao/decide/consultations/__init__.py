"""Drafts opened to members, statements, opinions and their answers."""
