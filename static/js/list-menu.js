// The list menu and the editor of an entry: the dialog, messages with "Undo", refusals said in words.
import { toast } from "./toasts.js";

const STAYS = 12_000;

/** Messages that a piece of a page brought along: they wait longer, for their "Undo" to be reached. */
function armNew() {
  for (const element of document.querySelectorAll("[data-toast]:not([data-armed])")) {
    element.dataset.armed = "";
    let timer;
    const start = () => (timer = setTimeout(() => element.remove(), STAYS));
    const stop = () => clearTimeout(timer);
    element.addEventListener("mouseenter", stop);
    element.addEventListener("focusin", stop);
    element.addEventListener("mouseleave", start);
    element.addEventListener("focusout", start);
    element.querySelector("button[type=button]").addEventListener("click", () => element.remove());
    element.addEventListener("htmx:afterRequest", () => element.remove());
    start();
  }
}

const dialog = () => document.getElementById("entry-dialog");

document.addEventListener("htmx:oobAfterSwap", armNew);
document.addEventListener("htmx:afterSettle", armNew);

document.addEventListener("htmx:beforeSwap", (event) => {
  // A form with something wrong in it comes back as 422, to be shown.
  if (event.detail.xhr.status === 422 && event.detail.xhr.getResponseHeader("Content-Type")?.startsWith("text/html")) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

document.addEventListener("htmx:afterSwap", (event) => {
  const box = dialog();
  if (!box || event.detail.target !== box) return;
  if (!box.open) box.showModal();
  (box.querySelector("[aria-invalid]") ?? box.querySelector("select"))?.focus();
});

document.addEventListener("lists:saved", () => dialog()?.open && dialog().close());

document.addEventListener("click", (event) => {
  const box = dialog();
  if (event.target.closest("[data-close-dialog]") || (box && event.target === box)) box.close();
});

/** What the server says about a refusal. */
function problemOf(xhr) {
  try {
    return JSON.parse(xhr.responseText);
  } catch {
    return {};
  }
}

document.addEventListener("htmx:responseError", (event) => {
  const problem = problemOf(event.detail.xhr);
  const said = Object.values(problem.fields ?? {}).flat().join(" ") || problem.detail || problem.title;
  if (said) toast(said, "error");
  const field = event.detail.elt.querySelector?.("input[name=score]");
  if (field && problem.fields?.score) field.setAttribute("aria-invalid", "true");
});
