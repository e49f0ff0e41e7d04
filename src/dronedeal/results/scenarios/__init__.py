"""A plan on a scenario tree: its scenarios one by one, their tables, distributions and checks."""
