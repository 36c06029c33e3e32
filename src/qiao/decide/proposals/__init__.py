"""Proposals that grow out of needs."""
