"""What a laboratory needs to look after its profile: check it, compare it, see it, sign it off."""
