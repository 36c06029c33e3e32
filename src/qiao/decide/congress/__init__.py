"""Workers' congress: delegates, papers, sessions, votes, proposals, open affairs."""
