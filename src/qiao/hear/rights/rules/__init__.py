"""What may follow what in the library, and how pay is computed."""
