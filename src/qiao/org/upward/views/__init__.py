"""Pages of papers upward and of the register."""
