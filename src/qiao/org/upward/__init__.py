"""Requests and reports upward, and the register of what is asked of the base."""
