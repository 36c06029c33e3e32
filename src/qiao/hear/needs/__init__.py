"""Needs: common, of groups, and found by evaluation."""
