"""Members judge their union: the rating ballot."""
