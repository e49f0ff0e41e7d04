"""Time, money and units: the plain values that everything else counts in."""
