"""Secret budget votes."""
