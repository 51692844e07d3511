"""One file per question that access answers: its table, what each event does to it, and the query."""
