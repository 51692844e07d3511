"""One file per question that activities answers: its table, what each event does to it, and the query."""
