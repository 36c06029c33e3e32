"""The service window: every question, request and complaint, and what becomes of it."""
