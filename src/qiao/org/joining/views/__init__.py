"""Pages of joining and of one's own membership."""
