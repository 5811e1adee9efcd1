// The editor of a collection: drag and drop, the panel that does the same by keyboard, adding while one types, the cover.
// Every change is sent at once, one after the other; what the server refuses goes back to where it was.
import { toast, toastLater } from "./toasts.js";
import { wireDragging } from "./collection-drag.js";
import { wireGroups } from "./collection-groups.js";
import { markSaving } from "./saving.js";

const board = document.querySelector("[data-board]");
const words = board.dataset;
const said = board.querySelector("[data-said]");
const panel = document.getElementById("item-panel");
const form = panel.querySelector("[data-item-form]");
const token = form.querySelector("[name=csrfmiddlewaretoken]").value;

const itemUrl = (item) => words.itemUrl.replace("00000000-0000-0000-0000-000000000000", item.dataset.item);
const listOf = (item) => item.closest("[data-list]");
const nameOf = (list) => document.getElementById(list.getAttribute("aria-labelledby")).textContent.trim();
const indexOf = (item) => [...listOf(item).children].indexOf(item);

const recount = () => {
  for (const list of board.querySelectorAll("[data-list]"))
    list.closest(".board-group").querySelector("[data-count]").textContent = list.children.length;
  board.querySelector("[data-total]").textContent = board.querySelectorAll("[data-item]").length;
};

const placeText = (item) =>
  words.moved
    .replace("{title}", item.dataset.title)
    .replace("{place}", indexOf(item) + 1)
    .replace("{count}", listOf(item).children.length)
    .replace("{group}", nameOf(listOf(item)));

/** POST a form's fields; the answer, or an error with the `words` of the server where it has any. */
const post = async (url, fields) => {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "X-CSRFToken": token, "X-Requested-With": "fetch" },
    body: new URLSearchParams(fields),
  });
  if (answer.ok && !answer.redirected) return answer;
  const problem = await answer.json().catch(() => ({}));
  throw Object.assign(new Error("refused"), { words: Object.values(problem.fields ?? {}).flat()[0] ?? problem.detail });
};

let last = Promise.resolve();
let waiting = 0;
/** Run after everything that was asked before: the server sees changes in the order in which they were made. */
const queued = (work) => {
  waiting += 1;
  const run = last.then(work).finally(() => (waiting -= 1));
  last = run.catch(() => {});
  return run;
};
addEventListener("beforeunload", (event) => waiting && event.preventDefault());

const failed = (error, text) => {
  const message = error.words || text;
  if (waiting > 1) {
    // Later changes stood on this one: what the server holds is the truth.
    toastLater(message);
    last.then(() => location.reload());
  } else toast(message, "error");
};

/** `item` stands where it was put; save that, or put it back where `origin` says. */
const saveMove = (item, origin) => {
  const list = listOf(item);
  const fields = { act: "move", group: list.dataset.list, index: indexOf(item) };
  recount();
  said.textContent = placeText(item);
  const answer = queued(() => post(itemUrl(item), fields)).catch((error) => {
    const before = origin.next?.parentElement === origin.list ? origin.next : null;
    origin.list.insertBefore(item, before);
    recount();
    failed(error, words.failed);
  });
  return markSaving(item, answer);
};

const originOf = (item) => ({ list: listOf(item), next: item.nextElementSibling });

// The panel: one dialog for all items.
let current = null;
const describe = () => {
  form.querySelector("[data-place]").textContent = placeText(current);
  form.elements.group.value = listOf(current).dataset.list;
};
const open = (item) => {
  current = item;
  form.action = itemUrl(item);
  document.getElementById("item-panel-title").textContent = item.dataset.title;
  form.elements.note.value = item.dataset.note;
  describe();
  if (panel.open) panel.close();
  panel.showModal();
};
const close = () => {
  panel.close();
  current?.querySelector(".board-more").focus();
};

const actions = {
  earlier: () => step(-1),
  later: () => step(1),
  move: () => {
    const list = board.querySelector(`[data-list="${form.elements.group.value}"]`);
    if (list === listOf(current)) return close();
    const origin = originOf(current);
    list.append(current);
    saveMove(current, origin);
    close();
  },
  note: () => {
    const [item, note] = [current, form.elements.note.value];
    queued(() => post(itemUrl(item), { act: "note", note }))
      .then(() => {
        item.dataset.note = note;
        toast(words.noted, "success");
      })
      .catch((error) => failed(error, words.failedPlain));
    close();
  },
  remove: () => {
    const [item, origin] = [current, originOf(current)];
    panel.close();
    (item.nextElementSibling ?? item.previousElementSibling)?.querySelector(".board-more").focus();
    item.remove();
    recount();
    said.textContent = words.removed.replace("{title}", item.dataset.title);
    queued(() => post(itemUrl(item), { act: "remove" })).catch((error) => {
      origin.list.insertBefore(item, origin.next?.parentElement === origin.list ? origin.next : null);
      recount();
      failed(error, words.failed);
    });
  },
};

function step(by) {
  const origin = originOf(current);
  const other = by < 0 ? current.previousElementSibling : current.nextElementSibling;
  if (!other) return;
  if (by < 0) other.before(current);
  else other.after(current);
  saveMove(current, origin);
  describe();
}

board.addEventListener("click", (event) => {
  const more = event.target.closest(".board-more");
  if (!more || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  open(more.closest("[data-item]"));
});
form.addEventListener("submit", (event) => {
  const act = event.submitter?.value;
  if (!actions[act]) return;
  event.preventDefault();
  current ??= board.querySelector(`[data-item="${form.action.split("/").pop()}"]`);
  actions[act]();
});
panel.querySelector("[data-close]").addEventListener("click", (event) => {
  event.preventDefault();
  close();
});
panel.addEventListener("click", (event) => event.target === panel && close()); // beside it
if (panel.open) {
  // The address named an item for browsers without scripts.
  const item = board.querySelector(`[data-item="${new URL(location.href).searchParams.get("item")}"]`);
  panel.close();
  history.replaceState(null, "", location.pathname);
  if (item) open(item);
}

wireDragging(board, { start: originOf, drop: saveMove });
wireGroups(board, {
  save: (url, fields) => queued(() => post(url, fields)),
  failed: (error) => failed(error, words.failed),
  say: (text) => (said.textContent = text),
});
board.dataset.ready = "";

// Finding and adding.
const finder = document.querySelector("[data-find-form]");
let timer = 0;
let pending = null;
const find = async () => {
  pending?.abort();
  pending = new AbortController();
  const query = new URLSearchParams(new FormData(finder));
  try {
    const answer = await fetch(`${finder.action.split("#")[0]}?${query}`, {
      headers: { "X-Requested-With": "fetch" },
      signal: pending.signal,
    });
    if (!answer.ok || answer.redirected) throw new Error();
    document.getElementById("found").outerHTML = await answer.text();
  } catch (error) {
    if (error.name !== "AbortError") toast(words.failedPlain, "error");
  }
};
finder.addEventListener("input", (event) => {
  clearTimeout(timer);
  timer = setTimeout(find, event.target.type === "search" ? 160 : 0);
});
finder.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(timer);
  find();
});

document.addEventListener("submit", (event) => {
  const adding = event.target.closest("[data-add-form]");
  if (!adding || !event.submitter) return;
  event.preventDefault();
  const button = event.submitter;
  const group = finder.elements.to?.value ?? "";
  button.disabled = true;
  queued(() => post(adding.action, { anime: button.value, group }))
    .then((answer) => answer.text())
    .then((html) => {
      const list = board.querySelector(`[data-list="${group}"]`);
      const part = document.createRange().createContextualFragment(html);
      const fresh = [...part.querySelectorAll("[data-item]")].filter((item) => !document.getElementById(item.id));
      for (const item of fresh) item.classList.add("is-new");
      list.append(...fresh);
      recount();
      fresh.at(-1)?.scrollIntoView({ block: "nearest" });
      said.textContent = `${words.added}: ${fresh.map((item) => item.dataset.title).join(", ")}`;
      if (button.value.includes(",")) return find();
      const mark = document.createElement("span");
      mark.className = "badge";
      mark.textContent = words.added;
      const next = button.closest("li").nextElementSibling?.querySelector("button") ?? finder.elements.q;
      button.replaceWith(mark);
      next.focus({ preventScroll: true });
    })
    .catch((error) => {
      button.disabled = false;
      failed(error, words.failedPlain);
    });
});

// The cover before it is sent.
const MOST = 5 * 1024 * 1024;
const cover = document.querySelector("[data-cover-field]");
if (cover) {
  const input = cover.querySelector("input[type=file]");
  const frame = cover.querySelector("[data-cover-frame]");
  const error = cover.querySelector("[data-cover-error]");
  const [drawn, wasEmpty] = [[...frame.childNodes], frame.classList.contains("is-empty")];
  let address = "";
  const show = (image) => {
    frame.replaceChildren(...(image ? [image] : drawn));
    frame.classList.toggle("is-empty", !image && wasEmpty);
  };
  input.addEventListener("change", () => {
    const file = input.files[0];
    URL.revokeObjectURL(address);
    const isTooLarge = Boolean(file && file.size > MOST);
    error.hidden = !isTooLarge;
    error.textContent = isTooLarge ? error.dataset.coverError : "";
    input.setCustomValidity(error.textContent);
    if (!file || isTooLarge) return show(null);
    address = URL.createObjectURL(file);
    const image = Object.assign(document.createElement("img"), { alt: "", src: address });
    image.addEventListener("error", () => show(null));
    show(image);
  });
}
