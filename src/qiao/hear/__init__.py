"""听 Hear: surveys, rights, the window, needs."""
