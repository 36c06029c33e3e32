"""Rules of evaluations: the questions, the states, who may not judge whom, what is too small to print."""
