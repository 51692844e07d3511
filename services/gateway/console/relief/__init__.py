"""What pages of relief need: names of households, and the sum of what is ticked."""
