"""Pages of officers' contact duty."""
