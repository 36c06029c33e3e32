"""A worker's own application to join, from filing to notice."""
