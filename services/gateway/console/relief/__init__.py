"""What several pages of relief need: names of households, amounts in capitals, files for and from the bank."""
