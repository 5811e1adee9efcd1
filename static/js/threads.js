// Conversations: writing, answering, editing, deleting and voting without leaving the page; folding; answers that arrive meanwhile.
// Lists, orders and "more" are htmx attributes of the templates; everything here also works as a plain form or link.
import { composerDone, composerForget, composerHolds, composersWire } from "./composer.js";
import "./shield.js";
import "./thread-live.js";
import { postForm, put, say, wholeOf } from "./thread-pieces.js";
import "./thread-votes.js";
import { toast } from "./toasts.js";

const commentOf = (target) => target.closest(".comment");
const writeHere = (comment) => comment.querySelector(":scope > .comment-one > [data-write-here]");
const formIn = (comment) => writeHere(comment).querySelector("form[data-composer]");

/* Asking first */

function ask(whole, name) {
  const dialog = whole.querySelector(`[data-thread-dialog="${name}"]`);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    const closed = () => {
      if (dialog.open) return; // an earlier question's end, told late
      dialog.removeEventListener("close", closed);
      resolve(dialog.returnValue === "yes");
    };
    dialog.addEventListener("close", closed);
  });
}

/* Forms below a comment */

async function openForm(link) {
  const comment = commentOf(link);
  const here = writeHere(comment);
  const kind = link.dataset.write;
  const open = formIn(comment);
  if (open) {
    if (open.dataset.kind === kind) open.querySelector("[data-composer-text]").focus();
    else if (await closeForm(open)) openForm(link);
    return;
  }
  try {
    const answer = await fetch(link.href, { headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok || answer.redirected) throw new Error();
    here.innerHTML = await answer.text(); // a template of ours
  } catch {
    location.assign(link.href); // the page with the same form says what is wrong
    return;
  }
  composersWire(here);
  if (kind === "edit") comment.classList.add("is-edited");
  const area = here.querySelector("[data-composer-text]");
  area.focus();
  area.setSelectionRange(area.value.length, area.value.length);
  here.scrollIntoView({ block: "nearest" });
}

/** Close an inline form, after asking when text would be lost; whether it is closed. */
async function closeForm(form) {
  const comment = commentOf(form);
  if (composerHolds(form) && !(await ask(wholeOf(form), "discard"))) {
    form.querySelector("[data-composer-text]").focus();
    return false;
  }
  const { kind } = form.dataset;
  composerForget(form);
  writeHere(comment).replaceChildren();
  comment.classList.remove("is-edited");
  comment.querySelector(`:scope > .comment-one [data-write="${kind}"]`)?.focus();
  return true;
}

/* Sending */

const errorIn = (form, words = "") => {
  const line = form.querySelector("[data-composer-error]");
  line.textContent = words;
  line.hidden = !words;
  const area = form.querySelector("[data-composer-text]");
  if (words) area.setAttribute("aria-invalid", "true");
  else area.removeAttribute("aria-invalid");
};

async function send(form) {
  const whole = wholeOf(form);
  const comment = form.dataset.kind === "new" ? null : commentOf(form);
  const button = form.querySelector("button:not([type=button])");
  if (form.hasAttribute("aria-busy")) return;
  form.setAttribute("aria-busy", "true");
  button.disabled = true;
  errorIn(form);
  try {
    const level = comment && form.dataset.kind === "reply" ? Number(comment.dataset.level) + 1 : 0;
    const html = await (await postForm(form, { level: comment && form.dataset.kind === "edit" ? comment.dataset.level : level })).text();
    composerDone(form);
    if (form.dataset.kind === "edit") put(whole).changed(comment, html);
    else put(whole).added(html, comment);
    if (comment) {
      writeHere(commentOf(comment) ?? comment)?.replaceChildren();
      comment.classList.remove("is-edited");
    }
    say(whole, form.dataset.kind === "edit" ? whole.dataset.saved : whole.dataset.posted);
  } catch (error) {
    errorIn(form, error.words ?? whole.dataset.failed);
    form.querySelector("[data-composer-text]").focus();
  } finally {
    form.removeAttribute("aria-busy");
    button.disabled = false;
  }
}

async function remove(link) {
  const comment = commentOf(link);
  const whole = wholeOf(link);
  if (!(await ask(whole, "delete"))) {
    link.focus();
    return;
  }
  try {
    const form = comment.querySelector("form.votes") ?? whole.querySelector("form[data-composer]");
    const answer = await postForm({ action: link.href, token: form }, { level: comment.dataset.level });
    put(whole).removed(comment, answer.status === 204 ? "" : await answer.text());
    say(whole, whole.dataset.deleted);
  } catch (error) {
    toast(error.words ?? whole.dataset.failed, "error");
  }
}

async function showHistory(link) {
  const whole = wholeOf(link);
  const dialog = whole.querySelector('[data-thread-dialog="history"]');
  const answer = await fetch(link.href, { headers: { "X-Requested-With": "fetch" } }).catch(() => null);
  if (!answer?.ok) {
    location.assign(link.href);
    return;
  }
  const box = dialog.querySelector("[data-thread-versions]");
  box.innerHTML = await answer.text(); // a template of ours, texts made safe by core.markup
  box.dispatchEvent(new CustomEvent("content:added", { bubbles: true }));
  dialog.showModal();
}

function fold(button) {
  const whole = wholeOf(button);
  const isFolded = commentOf(button).classList.toggle("is-folded");
  button.setAttribute("aria-expanded", String(!isFolded));
  button.setAttribute("aria-label", isFolded ? whole.dataset.unfoldWord : whole.dataset.foldWord);
}

/** Times in a comment are places in the video, where there is one of theirs on the page. */
function seek(link) {
  const video = document.querySelector("[data-watch] video");
  if (!video || link.pathname !== location.pathname) return false;
  const go = () => (video.currentTime = Number(link.dataset.seconds));
  if (video.readyState >= 1) go();
  else video.addEventListener("loadedmetadata", go, { once: true });
  video.closest(".player")?.scrollIntoView({ block: "center" });
  video.play().catch(() => {});
  return true;
}

const plain = (event) => event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);

document.addEventListener("click", (event) => {
  const place = event.target.closest?.("a.place[data-seconds]");
  if (place && plain(event) && seek(place)) return event.preventDefault();
  if (!event.target.closest?.("[data-thread-whole]") || !plain(event)) return;
  const doing = (name, act) => {
    const found = event.target.closest(name);
    if (!found) return false;
    event.preventDefault();
    act(found);
    return true;
  };
  doing("[data-write]", openForm) ||
    doing("[data-delete]", remove) ||
    doing("[data-history]", showHistory) ||
    doing("[data-fold]", fold) ||
    doing("[data-composer-cancel]", (link) => closeForm(link.closest("form")));
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest?.("[data-thread-whole] form[data-composer]");
  if (!form) return;
  event.preventDefault();
  send(form);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
  const form = event.target.closest?.("[data-thread-whole] .comment form[data-composer]");
  if (!form) return;
  event.preventDefault();
  closeForm(form);
});

/* After htmx: what is new is wired, the address keeps the order, the focus stays where one reads. */

const wire = (root) => {
  for (const element of root.querySelectorAll(".comment [data-scripted], .thread-bar [data-scripted]")) element.hidden = false;
};

document.addEventListener("htmx:load", (event) => wire(event.detail.elt.parentElement ?? document));
document.addEventListener("content:added", (event) => wire(event.target));
wire(document);

let before = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target } = event.detail;
  before = target.matches?.(".thread-more") ? { list: target.parentElement, previous: target.previousElementSibling } : null;
});

document.addEventListener("htmx:afterSettle", (event) => {
  const link = event.detail.requestConfig?.elt;
  if (link?.matches?.("[data-thread-more]") && before) {
    const first = before.previous ? before.previous.nextElementSibling : before.list.firstElementChild;
    before = null;
    const whole = wholeOf(first ?? document.body);
    if (!first || !whole) return;
    const added = [...first.parentElement.children].filter((item) => item.compareDocumentPosition(first) !== 4 && item.matches(".comment"));
    first.querySelector(":scope > .comment-one")?.focus({ preventScroll: true });
    say(whole, whole.dataset.loaded.replace("%s", added.length));
  }
  if (link?.matches?.("[data-thread-sort]")) {
    const address = new URL(location.href);
    address.searchParams.delete("comment");
    address.searchParams.delete("cursor");
    if (link.dataset.threadSort && link.dataset.threadSort !== "best") address.searchParams.set("sort", link.dataset.threadSort);
    else address.searchParams.delete("sort");
    if (address.hash.startsWith("#comment-")) address.hash = "#comments";
    history.replaceState(history.state, "", address);
    document.querySelector(".thread-sorts [aria-current]")?.focus({ preventScroll: true });
  }
});

document.addEventListener("htmx:sendError", (event) => {
  const whole = wholeOf(event.target);
  if (whole) toast(whole.dataset.failed, "error");
});
