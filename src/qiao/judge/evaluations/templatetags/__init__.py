"""Template filters of evaluations."""
