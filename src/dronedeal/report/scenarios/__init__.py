"""The page of a plan on scenarios: the tree drawn, what to sign now, and how the scenarios turn out."""
