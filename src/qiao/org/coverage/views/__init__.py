"""Pages of coverage, outreach and targets."""
