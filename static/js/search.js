// Search as you type: an ARIA combobox over the options the server renders at data-suggest. Without this the form searches.

const form = document.querySelector("form.search");
const input = form?.querySelector("input[role=combobox]");
const list = form?.querySelector("[role=listbox]");
const status = form?.querySelector("[role=status]");

let current = -1;
let asked = "";
let pending = null;
let timer = 0;
const seen = new Map();

const options = () => [...list.querySelectorAll("[role=option]")];

function close() {
  list.hidden = true;
  current = -1;
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

function mark(index) {
  const all = options();
  current = all.length ? (index + all.length) % all.length : -1;
  all.forEach((option, i) => option.setAttribute("aria-selected", String(i === current)));
  if (current < 0) return;
  input.setAttribute("aria-activedescendant", all[current].id);
  all[current].scrollIntoView({ block: "nearest" });
}

function show(html) {
  list.innerHTML = html;
  const count = Number(list.firstElementChild?.dataset.count ?? 0);
  current = -1;
  list.hidden = false;
  input.setAttribute("aria-expanded", "true");
  input.removeAttribute("aria-activedescendant");
  status.textContent = count ? form.dataset.found.replace("{n}", count) : form.dataset.none;
}

async function ask() {
  const q = input.value.trim();
  if (q.length < 2) return close();
  if (q === asked && !list.hidden) return;
  asked = q;
  pending?.abort();
  if (seen.has(q)) return show(seen.get(q));
  pending = new AbortController();
  try {
    const answer = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(q)}`, { signal: pending.signal });
    if (!answer.ok) return close();
    const html = await answer.text();
    seen.set(q, html);
    if (input.value.trim() === q && form.contains(document.activeElement)) show(html);
  } catch (error) {
    if (error.name !== "AbortError") close();
  }
}

function onKey(event) {
  if (event.isComposing) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (list.hidden) ask();
    else mark(current < 0 && event.key === "ArrowUp" ? -1 : current + (event.key === "ArrowDown" ? 1 : -1));
  } else if (event.key === "Enter" && current >= 0) {
    event.preventDefault();
    options()[current].click();
  } else if (event.key === "Escape") {
    if (list.hidden) return input.blur();
    event.preventDefault(); // a search field would lose its text, too
    close();
  }
}

if (input) {
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 90);
  });
  input.addEventListener("keydown", onKey);
  input.addEventListener("focus", () => input.value.trim().length > 1 && ask());
  form.addEventListener("focusout", (event) => !form.contains(event.relatedTarget) && close());
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // keep the focus in the field
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.href = option.dataset.href;
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable=true], media-controller");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
}
