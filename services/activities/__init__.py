"""Activities: what the station puts on for members, who came with their card, and what was handed out."""
