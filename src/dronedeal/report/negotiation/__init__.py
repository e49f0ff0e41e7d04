"""Page, workbook and term sheets of a negotiation, made from its record alone."""
