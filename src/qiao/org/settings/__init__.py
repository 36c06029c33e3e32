"""Settings of units: dated, inherited along the place axis."""
