"""How long what is kept, and the proofs of what was deleted."""
