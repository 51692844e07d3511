"""What comes into the register and goes out of it as files: rosters, card numbers, applications."""
