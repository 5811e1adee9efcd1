// My list: selecting many (with Shift for a range), the bar for all of them, filters that keep the tab.
import "./list-menu.js";
import { keepPlace } from "./list-place.js";
import { toast } from "./toasts.js";

const MOST = 500;
const bar = document.querySelector("[data-bulk]");
const boxes = () => [...document.querySelectorAll('[data-entries] input[name="anime"]')];
const picked = new Set();
let last = null;

function count() {
  if (!bar) return;
  const all = boxes();
  for (const box of all) picked[box.checked ? "add" : "delete"](box.value);
  const chosen = all.filter((box) => box.checked).length;
  bar.hidden = chosen === 0;
  document.body.classList.toggle("is-selecting", chosen > 0);
  bar.querySelector("[data-bulk-count]").textContent = chosen;
  const whole = bar.querySelector("[data-select-all]");
  whole.checked = chosen > 0 && chosen === all.length;
  whole.indeterminate = chosen > 0 && chosen < all.length;
}

document.addEventListener("click", (event) => {
  const box = event.target.closest?.('[data-entries] input[name="anime"]');
  if (!box) return;
  const all = boxes();
  const from = all.indexOf(last);
  if (event.shiftKey && from >= 0) {
    const [low, high] = [from, all.indexOf(box)].sort((a, b) => a - b);
    for (const other of all.slice(low, high + 1)) other.checked = box.checked;
  }
  last = box;
  count();
});

bar?.querySelector("[data-select-all]").addEventListener("change", (event) => {
  for (const box of boxes()) box.checked = event.target.checked;
  count();
});

bar?.addEventListener("htmx:beforeRequest", (event) => {
  if (boxes().filter((box) => box.checked).length <= MOST) return;
  event.preventDefault();
  toast(bar.dataset.tooMany, "error");
});

// Enter in a score saves it; it must not press the form's first button besides.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches?.(".score-number")) return;
  event.preventDefault();
  event.target.blur();
  event.target.focus();
});

document.addEventListener("htmx:afterRequest", (event) => {
  const field = event.detail.elt.querySelector?.(":scope > .score-number");
  if (field && event.detail.successful) field.removeAttribute("aria-invalid");
});

// A tab is a link; the filters must know which one is open, and the links which filters are set.
document.addEventListener("htmx:pushedIntoHistory", () => {
  const params = new URL(location.href).searchParams;
  for (const next of document.querySelectorAll('input[name="next"]')) next.value = location.pathname + location.search;
  for (const link of document.querySelectorAll("[data-view]")) {
    params.set("view", link.dataset.view);
    link.href = `?${params}`;
  }
  const folded = new Set([...document.querySelectorAll(".list-folded [name]")].map((field) => field.name));
  const set = [...folded].filter((name) => params.has(name)).length;
  document.querySelector("[data-filter-count]").textContent = set || "";
  const turn = document.querySelector("[data-sort-turn]");
  const sort = document.querySelector('.list-filters select[name="sort"]').value;
  params.delete("view");
  params.set("sort", sort.startsWith("-") ? sort.slice(1) : `-${sort}`);
  if (turn) turn.href = `?${params}`;
});

// A row that was drawn anew stays selected.
document.addEventListener("htmx:afterSettle", () => {
  for (const box of boxes()) if (picked.has(box.value)) box.checked = true;
  count();
});
window.addEventListener("pageshow", count);
count();

keepPlace();
