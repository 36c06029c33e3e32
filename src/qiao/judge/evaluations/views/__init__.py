"""Pages of evaluations: for everybody, for those asked, for the evaluator and the executive."""
