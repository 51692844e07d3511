"""What the console and the REST interface both make of what relief answers: names, sums, files of the bank."""
