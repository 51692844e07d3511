"""One file per question that membership answers: its table, what each event does to it, and the query."""
