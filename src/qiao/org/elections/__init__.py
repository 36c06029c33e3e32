"""Elections of committees, and the results filed."""
