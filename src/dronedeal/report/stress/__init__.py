"""The page and the workbook of a stress test."""
