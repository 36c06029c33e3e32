"""Reads of evaluations."""
