"""办 Deliver: programmes."""
