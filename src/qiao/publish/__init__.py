"""Articles, notices, feeds."""
