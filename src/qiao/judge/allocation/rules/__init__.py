"""The columns of an allocation sheet, its computation, its states and its settings."""
