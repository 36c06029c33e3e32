"""Sealed evaluation by those served."""
