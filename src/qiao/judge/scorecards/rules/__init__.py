"""The clock of judgments, what is hidden, changes from year to year, flags in words."""
