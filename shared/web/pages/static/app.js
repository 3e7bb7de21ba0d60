// Small comforts on top of pages that work without any of this.
"use strict";

// The error summary takes the focus, so that a screen reader starts there.
document.querySelector("[data-focus]")?.focus();

// One box ticks every row of its table.
document.addEventListener("change", (event) => {
  const box = event.target.closest("[data-check-all]");
  if (!box) return;
  for (const row of box.closest("form, table").querySelectorAll("tbody input[type=checkbox]")) row.checked = box.checked;
});

// A second click while the first is on its way does nothing; the page comes back alive from the browser's history.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.hasAttribute("data-busy")) { event.preventDefault(); return; }
  if (!form.matches("[hx-boost]")) form.setAttribute("data-busy", "");
});
document.addEventListener("htmx:afterRequest", (event) => event.target.closest("form")?.removeAttribute("data-busy"));
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-busy]")) form.removeAttribute("data-busy");
});

// A draft that could not be saved says so where it would have said "saved".
const status = () => document.getElementById("enregistrement");
for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(name, () => {
    if (status()) status().textContent = "Pas encore enregistré\u202f: la connexion ne répond pas, nous réessaierons à votre prochaine frappe.";
  });
}
