"""Standing of members."""
