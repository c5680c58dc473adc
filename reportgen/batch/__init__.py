"""Batches: a table becomes one report for each accession; what was done is journalled, what failed is named."""
