"""Pages of the workers' congress."""
