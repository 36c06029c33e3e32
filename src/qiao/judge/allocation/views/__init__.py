"""Pages of allocation sheets."""
