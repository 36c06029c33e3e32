"""Pages of units: the public tree, founding, changes, ends, imports and exports."""
