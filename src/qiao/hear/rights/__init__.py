"""The rights library in plain words, calculators of pay, and the catalogue of services."""
