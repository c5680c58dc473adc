"""The language of protocols: conditions over answers, and sentences that name them; it knows no protocol."""
