"""Pages of settings: reading is public, changing asks the officer's action at the unit."""
