"""From an Outcome to a Plan: its tables, certificate, explanations, files and independent check."""
