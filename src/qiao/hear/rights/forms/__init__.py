"""Forms of the library, the calculators and the catalogue."""
