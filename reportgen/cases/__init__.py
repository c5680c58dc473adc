"""Cases: what a pathologist entered, typed by its protocols and checked in one pass."""
