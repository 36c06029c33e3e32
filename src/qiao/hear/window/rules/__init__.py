"""What may become of a request when, whose it is, and what its words may show."""
