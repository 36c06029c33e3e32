"""Pages of the shell: its own, and the landing page of each station."""
