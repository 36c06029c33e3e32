"""Pages of consultations: reading, taking part, preparing, answering."""
