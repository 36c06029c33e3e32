"""The yearly table and the inputs of need-based allocation, computed."""
