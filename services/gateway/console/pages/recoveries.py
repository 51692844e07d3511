"""The recoveries that wait for whoever looks to agree: whose, which steps, by whom."""

from flask import g, render_template

from services.gateway.console.asking import ask, names
from services.gateway.console.page import Page


def recoveries() -> str:
    g.menu_page = "persons"
    rows = ask("access", "recoveries_waiting")["rows"]
    people = names(step["done_by"] for row in rows for step in row["steps"])
    return render_template("recoveries.html", rows=rows, people=people)


PAGES = (Page("recoveries", "/recoveries", recoveries, ("access", "recoveries_waiting")),)
