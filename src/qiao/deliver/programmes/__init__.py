"""Projects, milestones, money, evidence."""
