"""Pages of the rights library, the calculators and the catalogue."""
