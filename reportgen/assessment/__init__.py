"""What the answers amount to: what is missing, which criteria are met, what to think of. Nothing here is printed in a report."""
