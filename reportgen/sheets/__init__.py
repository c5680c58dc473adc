"""A protocol as a workbook that a pathologist edits, and back: nothing is lost, and findings name sheet and cell."""
