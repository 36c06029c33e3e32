"""Statistics of the platform: arrays in, frozen dataclasses out; no Django, no clock, no I/O, no global randomness."""
