"""The shell: base templates, components, home, desk, thread."""
