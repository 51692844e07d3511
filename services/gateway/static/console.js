// What makes the console handier where scripts run; every page works without.
"use strict";

function enhance(root) {
  for (const select of root.querySelectorAll("select[data-search]:not(.tomselected)")) {
    const label = select.labels.length ? select.labels[0].textContent.trim() : "";
    new TomSelect(select, { maxOptions: null, allowEmptyOption: true });
    select.setAttribute("aria-label", label);  // Its own label now leads to the field that one types into.
  }
  for (const button of root.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  for (const link of root.querySelectorAll("[data-pick-page]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      for (const box of document.querySelectorAll("#picked input[name=selected]")) box.checked = true;
    });
  }
}

document.addEventListener("DOMContentLoaded", () => {
  enhance(document);
  document.getElementById("problem")?.focus();
  document.addEventListener("htmx:afterSettle", (event) => enhance(event.target));
  // Twice clicked is once sent; the command's id makes sure of it where this does not run.
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button && event.target.method === "post" && !event.target.matches(".export")) {
      setTimeout(() => { button.disabled = true; });
      setTimeout(() => { button.disabled = false; }, 8000);
    }
  });
});
