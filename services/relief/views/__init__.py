"""One file per question that relief answers: its table, what each event does to it, and the query."""
