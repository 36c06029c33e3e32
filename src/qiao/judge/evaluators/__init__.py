"""Organisations from outside that judge for those served: who they are, whom they seat, where they work."""
