"""Questionnaires, rounds, answers, frozen data."""
