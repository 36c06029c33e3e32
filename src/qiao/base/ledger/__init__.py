"""The append-only Merkle log of what must not be changed in silence."""
