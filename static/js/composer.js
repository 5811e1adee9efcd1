// Writing Markdown: toolbar, preview by the server, names after @, a counter, and a draft in this tab, so that nothing typed is lost.
// Wires every `form[data-composer]` (templates/social/composer/bar.html says how to write one), those added later, too.
// A form sent by a script says `composerDone(form)` when the server took it; a plain one's draft goes by the cookie `draft_done`.
import { peopleWire } from "./composer-people.js";
import { shieldsWire } from "./shield.js";

const PREFIX = "draft:";
const WARN_FROM = 0.8; // of the limit: the counter shows from here on

const wordsOf = (form) => form.querySelector("[data-composer-text]");
const within = (form, name) => form.querySelector(`[data-composer-${name}]`);
const lengthOf = (text) => [...text.replaceAll("\r\n", "\n")].length;

/* Changing the text, so that Ctrl+Z takes it back. */

/** Put `text` in place of the selection, then select from `start` to `end` of it (numbers of characters into `text`). */
export function composerInsert(area, text, start = text.length, end = start) {
  const at = area.selectionStart;
  area.focus();
  if (!document.execCommand("insertText", false, text)) {
    area.setRangeText(text, at, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  area.setSelectionRange(at + start, at + end);
}

const chosen = (area) => area.value.slice(area.selectionStart, area.selectionEnd);

function around(area, sign) {
  const text = chosen(area);
  const { selectionStart: from, selectionEnd: to, value } = area;
  if (text && value.slice(from - sign.length, from) === sign && value.slice(to, to + sign.length) === sign) {
    area.setSelectionRange(from - sign.length, to + sign.length);
    composerInsert(area, text, 0, text.length);
  } else composerInsert(area, sign + text + sign, sign.length, sign.length + text.length);
}

/** Begin each chosen line with `sign`. */
function lines(area, sign) {
  const from = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
  area.setSelectionRange(from, Math.max(area.selectionEnd, from));
  const text = chosen(area)
    .split("\n")
    .map((line) => sign + line)
    .join("\n");
  composerInsert(area, text);
}

function code(area) {
  const text = chosen(area);
  if (text.includes("\n")) composerInsert(area, `\`\`\`\n${text}\n\`\`\``, 4, 4 + text.length);
  else around(area, "`");
}

function link(area) {
  const text = chosen(area);
  const isAddress = /^https?:\/\/\S+$/.test(text);
  const [name, address] = isAddress ? ["", text] : [text, "https://"];
  const start = isAddress ? 1 : name.length + 3;
  composerInsert(area, `[${name}](${address})`, start, isAddress ? 1 : start + address.length);
}

function mention(area) {
  const before = area.value[area.selectionStart - 1];
  composerInsert(area, before && !/\s/.test(before) ? " @" : "@");
}

const clock = (seconds) => {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds % 60)];
  if (!parts[0]) parts.shift();
  return parts.map((part, place) => (place ? String(part).padStart(2, "0") : part)).join(":");
};

function time(area) {
  const video = document.querySelector("[data-watch] video");
  if (!video) return;
  const before = area.value[area.selectionStart - 1];
  composerInsert(area, `${before && !/\s/.test(before) ? " " : ""}${clock(video.currentTime)} `);
}

const MARKS = {
  bold: (area) => around(area, "**"),
  italic: (area) => around(area, "*"),
  strike: (area) => around(area, "~~"),
  spoiler: (area) => around(area, "||"),
  quote: (area) => lines(area, "> "),
  list: (area) => lines(area, "- "),
  code,
  link,
  mention,
  time,
};
const KEYS = { b: "bold", i: "italic", k: "link" };

/* Drafts */

const fieldsOf = (form) => [...form.elements].filter((field) => field.name && !["hidden", "submit", "file", "radio"].includes(field.type));

function draftRead(form) {
  try {
    return JSON.parse(sessionStorage.getItem(PREFIX + form.dataset.draft));
  } catch {
    return null;
  }
}

function draftKeep(form) {
  if (!form.dataset.draft) return;
  const values = {};
  for (const field of fieldsOf(form)) values[field.name] = field.type === "checkbox" ? field.checked : field.value;
  try {
    if (!wordsOf(form).value.trim()) sessionStorage.removeItem(PREFIX + form.dataset.draft);
    else sessionStorage.setItem(PREFIX + form.dataset.draft, JSON.stringify({ values, nonce: form.elements.nonce?.value }));
  } catch {
    // Full or switched off: the page itself still has what was typed.
  }
}

function draftDrop(form) {
  try {
    sessionStorage.removeItem(PREFIX + form.dataset.draft);
  } catch {
    // As above.
  }
}

/** A plain form that was taken left its nonce in a cookie: its draft is of no use any more. */
function dropTaken() {
  const done = document.cookie.match(/(?:^|; )draft_done=(\w+)/)?.[1];
  if (!done) return;
  document.cookie = "draft_done=; path=/; max-age=0; samesite=lax";
  try {
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith(PREFIX) && JSON.parse(sessionStorage.getItem(key)).nonce === done) sessionStorage.removeItem(key);
    }
  } catch {
    // As above.
  }
}

function draftRestore(form) {
  const draft = form.dataset.draft ? draftRead(form) : null;
  if (!draft) return;
  const area = wordsOf(form);
  if (area.value !== area.defaultValue || (area.value && area.value !== draft.values[area.name] && form.dataset.typed !== undefined)) return;
  for (const field of fieldsOf(form)) {
    const value = draft.values[field.name];
    if (value === undefined) continue;
    if (field.type === "checkbox") field.checked = value;
    else field.value = value;
  }
}

/* Counter, height, preview */

function measure(form) {
  const area = wordsOf(form);
  const limit = Number(form.dataset.limit) || 0;
  const count = within(form, "count");
  const left = limit - lengthOf(area.value);
  if (count && limit) {
    count.hidden = left > limit * (1 - WARN_FROM);
    count.textContent = (left < 0 ? count.dataset.over : count.dataset.words).replace("%s", Math.abs(left).toLocaleString(document.documentElement.lang));
    count.classList.toggle("is-over", left < 0);
  }
  area.setCustomValidity(limit && left < 0 ? (count?.textContent ?? "") : "");
  form.classList.toggle("has-text", Boolean(area.value.trim()));
}

const tokenOf = (form) => form.elements.csrfmiddlewaretoken?.value ?? "";

async function look(form, isOn) {
  const box = within(form, "preview");
  const button = within(form, "look");
  const area = wordsOf(form);
  button.setAttribute("aria-pressed", String(isOn));
  form.classList.toggle("is-previewing", isOn);
  box.hidden = !isOn;
  area.hidden = isOn;
  for (const mark of form.querySelectorAll("[data-mark]")) mark.disabled = isOn;
  if (!isOn) {
    area.focus();
    return;
  }
  if (!area.value.trim()) {
    box.textContent = box.dataset.empty;
    return;
  }
  const fields = { body: area.value, anime: form.dataset.anime ?? "", episode: form.dataset.episode ?? "" };
  box.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.dataset.preview, {
      method: "POST",
      headers: { "X-CSRFToken": tokenOf(form), "X-Requested-With": "fetch" },
      body: new URLSearchParams(fields),
    });
    if (!answer.ok || answer.redirected) {
      const problem = await answer.json().catch(() => ({}));
      throw new Error(Object.values(problem.fields ?? {}).flat()[0] ?? problem.detail ?? problem.title ?? box.dataset.failed);
    }
    box.innerHTML = await answer.text(); // made safe by core.markup
    shieldsWire(box);
  } catch (error) {
    box.textContent = error instanceof TypeError ? box.dataset.failed : error.message;
  }
  box.removeAttribute("aria-busy");
}

/* What others call */

/** The server has taken what `form` held: empty it, forget its draft. */
export function composerDone(form) {
  draftDrop(form);
  form.reset();
  wordsOf(form).value = "";
  if (within(form, "look")?.getAttribute("aria-pressed") === "true") look(form, false);
  if (form.elements.nonce) form.elements.nonce.value = crypto.getRandomValues(new Uint32Array(4)).join("");
  measure(form);
}

/** Whether closing `form` would lose text that nothing else holds. */
export const composerHolds = (form) => wordsOf(form).value.trim() !== "" && wordsOf(form).value !== wordsOf(form).defaultValue;

/** Forget the draft of `form`: its writer threw it away. */
export const composerForget = draftDrop;

/** Wire the composers in `root`. */
export function composersWire(root = document) {
  for (const form of root.querySelectorAll("form[data-composer]:not([data-wired])")) {
    form.dataset.wired = "";
    const bar = within(form, "bar");
    if (bar) bar.hidden = false;
    for (const element of form.querySelectorAll("[data-scripted]")) element.hidden = false;
    draftRestore(form);
    measure(form);
    peopleWire(wordsOf(form), within(form, "people"));
  }
}

const formOf = (target) => target.closest?.("form[data-composer]");

document.addEventListener("input", (event) => {
  const form = formOf(event.target);
  if (!form) return;
  measure(form);
  draftKeep(form);
});
document.addEventListener("change", (event) => formOf(event.target) && draftKeep(formOf(event.target)));

document.addEventListener("click", (event) => {
  const form = formOf(event.target);
  const mark = event.target.closest?.("[data-mark]");
  if (form && mark) MARKS[mark.dataset.mark]?.(wordsOf(form));
  const toggle = event.target.closest?.("[data-composer-look]");
  if (form && toggle) look(form, toggle.getAttribute("aria-pressed") !== "true");
});

document.addEventListener("keydown", (event) => {
  const form = formOf(event.target);
  if (!form || event.isComposing) return;
  if (event.target.closest("[data-composer-bar]")) return walkBar(event);
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.target !== wordsOf(form)) return;
  if (event.key === "Enter") {
    event.preventDefault();
    form.requestSubmit();
  } else if (KEYS[event.key.toLowerCase()] && !event.shiftKey) {
    event.preventDefault();
    MARKS[KEYS[event.key.toLowerCase()]](event.target);
  }
});

/** A toolbar is one stop of Tab; arrows go through it. */
function walkBar(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const buttons = [...event.target.closest("[data-composer-bar]").querySelectorAll("button:not(:disabled)")];
  const next = buttons[(buttons.indexOf(event.target) + step + buttons.length) % buttons.length];
  for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
  next.focus();
}

document.addEventListener("htmx:load", (event) => composersWire(event.detail.elt.parentElement ?? document));
document.addEventListener("content:added", (event) => composersWire(event.target));
addEventListener("pageshow", (event) => event.persisted && dropTaken());
dropTaken();
composersWire();
