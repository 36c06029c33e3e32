"""The ground: units, people, membership, roles."""
