"""States, settings, quotas, quorum and majority of the workers' congress."""
