"""评 Judge: evaluations."""
