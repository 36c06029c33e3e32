"""Django settings: `base` for every installation, `test` for tests, `check` for tools that need no database."""
