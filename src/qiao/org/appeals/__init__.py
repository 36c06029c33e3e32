"""Appeals against refusals, decided by somebody else."""
