"""Employers, their workplaces and headcounts."""
