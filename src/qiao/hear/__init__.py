"""听 Hear: surveys, needs."""
