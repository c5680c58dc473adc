"""What the answers amount to: what is missing, which criteria are met, what to think of; never printed in a report."""
