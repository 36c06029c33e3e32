"""定 Decide: proposals, consultations, ballots, decisions."""
