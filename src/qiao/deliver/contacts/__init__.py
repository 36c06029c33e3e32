"""Officers' duty of contact: where they went, what was raised, what became of it."""
