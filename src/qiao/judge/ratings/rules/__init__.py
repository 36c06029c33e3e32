"""Rules of ratings: states, settings, questions, merging of small unions, counting, keys, independence."""
