"""Scenario trees of a deal: grown from its table `uncertainty`, reduced, and put into its arrays."""
