// The queue of downloads, alive: frames of /ws/downloads move the bars, its list is loaded anew when one begins or ends, and
// what waits can be dragged into another order. Without this script the page's forms do everything.
import { watchDrags } from "./pointer-drag.js";

const STAGES = ["resolve", "fetch", "verify", "remux", "place", "index"];
const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
const MEGABIT = 125_000; // bytes
const GONE = new Set([4001, 4003, 4004]); // signed out (the session's own socket leads on), not allowed, no such socket
const SLOWEST = 60_000;
const AFTER = 300; // milliseconds between what happened and the new list: several things happen at once
const BUSY = 1000; // how long a list waits for a menu or a drag to end before it asks again

const page = document.querySelector("[data-queue-page]");
const words = page.dataset;
const language = document.documentElement.lang || "en";

// Words

const sizes = UNITS.map((unit, step) => {
  const digits = step ? 1 : 0;
  return new Intl.NumberFormat(language, { style: "unit", unit, minimumFractionDigits: digits, maximumFractionDigits: digits });
});

// In steps of 1024, as the page's own text.
function sizeWords(bytes) {
  const step = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log(bytes) / Math.log(1024)));
  return sizes[step].format(bytes / 1024 ** step);
}

function leftWords(seconds) {
  if (seconds === null || seconds === undefined) return "";
  if (seconds < 60) return words.seconds.replace("%s", seconds);
  if (seconds < 3600) return words.minutes.replace("%s", Math.ceil(seconds / 60));
  return words.hours.replace("%s", Math.ceil(seconds / 3600));
}

const fetched = (done, total) =>
  total ? words.of.replace("%s", sizeWords(done)).replace("%t", sizeWords(total)) : done ? sizeWords(done) : "";

const perSecond = (bytes) => (bytes ? words.perSecond.replace("%s", sizeWords(bytes)) : "");

function put(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

// Progress: the newest frame of each download, drawn once a frame of the screen

const newest = new Map(); // id → data
const speeds = new Map(); // id → bytes a second
let drawing = 0;

function drawBar(line, data) {
  const bar = line.querySelector("[data-bar]");
  if (!bar) return reloadSoon(); // it began without our noticing
  const now = STAGES.indexOf(data.stage);
  for (const part of bar.children) {
    const place = STAGES.indexOf(part.dataset.stage);
    const percent = place < now ? 100 : place === now ? Math.round(data.stage_percent) : 0;
    part.classList.toggle("is-now", place === now);
    part.style.setProperty("--p", percent);
    put(part.querySelector("[data-percent]"), String(percent));
    if (place !== now) continue;
    bar.setAttribute("aria-valuetext", part.dataset.label);
    put(line.querySelector("[data-now]"), part.dataset.label);
  }
  bar.setAttribute("aria-valuenow", Math.round(data.progress_percent));
  put(line.querySelector("[data-whole]"), `${Math.round(data.progress_percent)} %`);
  put(line.querySelector("[data-size]"), fetched(data.downloaded_bytes, data.total_bytes));
  put(line.querySelector("[data-speed]"), perSecond(data.speed_mbps * MEGABIT));
  put(line.querySelector("[data-left]"), leftWords(data.seconds_left));
}

const lineOf = (id) => document.getElementById(`download-${id}`);

function draw() {
  drawing = 0;
  for (const [id, data] of newest) {
    const line = lineOf(id);
    if (line) drawBar(line, data);
    speeds.set(id, data.speed_mbps * MEGABIT);
  }
  newest.clear();
  let sum = 0;
  for (const speed of speeds.values()) sum += speed;
  put(page.querySelector("[data-speed-all]"), words.perSecond.replace("%s", sizeWords(sum)));
}

// What happens

const say = (text) => put(page.querySelector("[data-queue-say]"), text);

function happened({ type, data }) {
  const id = data.queue_item_id;
  if (type === "download_progress") {
    newest.set(id, data);
    drawing ||= requestAnimationFrame(draw);
    return;
  }
  newest.delete(id);
  speeds.delete(id);
  const name = lineOf(id)?.dataset.name ?? `${data.anime_title ?? ""} ${data.episode ?? ""}`.trim();
  const said = { download_started: words.started, download_completed: words.completed };
  const text = type === "download_error" ? (data.will_retry ? words.again : words.failed) : said[type];
  if (text && name) say(text.replace("%s", name));
  reloadSoon();
}

// The list anew: never under an open menu or a drag; what was unfolded stays so

let reloading = 0;
let isDragging = false;

function reloadSoon(milliseconds = AFTER) {
  reloading ||= setTimeout(reload, milliseconds);
}

function reload() {
  reloading = 0;
  if (isDragging || page.querySelector("#queue details.menu[open]")) return reloadSoon(BUSY);
  if (document.hidden) return; // coming back loads it
  window.htmx.ajax("GET", location.pathname + location.search, { target: "#queue", swap: "outerHTML" });
}

let unfolded = [];
let focused = []; // selectors: the element itself, else the menu of its line

page.addEventListener("htmx:beforeSwap", () => {
  unfolded = [...page.querySelectorAll("#queue .queue-attempts[open]")].map((one) => one.id);
  const active = document.activeElement?.closest?.("#queue") ? document.activeElement : null;
  const key = active?.closest("[data-download]")?.dataset.download;
  focused = [active?.id ? `#${active.id}` : "", key ? `#more-${key} > summary` : ""].filter(Boolean);
});

page.addEventListener("htmx:afterSettle", () => {
  for (const id of unfolded) document.getElementById(id)?.setAttribute("open", "");
  if (document.activeElement === document.body) {
    focused.map((one) => document.querySelector(one)).find(Boolean)?.focus({ preventScroll: true });
  }
  speeds.clear();
  showGrips();
});

for (const kind of ["htmx:responseError", "htmx:sendError"]) {
  page.addEventListener(kind, () => {
    document.dispatchEvent(new CustomEvent("site:toast", { detail: { text: words.lost, kind: "error" } }));
  });
}

// The socket

let socket = null;
let failures = 0;
let connecting = 0;
const lost = page.querySelector("[data-queue-lost]");

function connect() {
  clearTimeout(connecting);
  if (socket || document.hidden) return;
  const address = new URL("/ws/downloads?cookie", location.href);
  address.protocol = address.protocol.replace("http", "ws");
  const opened = new WebSocket(address);
  socket = opened;
  opened.addEventListener("open", () => {
    if (failures) reloadSoon(0); // what happened meanwhile
    failures = 0;
    lost.hidden = true;
  });
  opened.addEventListener("message", (event) => happened(JSON.parse(event.data)));
  opened.addEventListener("close", ({ code }) => {
    if (socket !== opened) return; // we closed it
    socket = null;
    failures += 1;
    lost.hidden = failures < 2;
    if (GONE.has(code)) return;
    connecting = setTimeout(connect, Math.min(SLOWEST, 500 * 2 ** Math.min(failures, 7)) * (0.5 + Math.random() / 2));
  });
}

function disconnect() {
  clearTimeout(connecting);
  const old = socket;
  socket = null;
  old?.close(1000);
}

function wake() {
  failures = 0;
  reloadSoon(0);
  connect();
}

document.addEventListener("visibilitychange", () => (document.hidden ? disconnect() : wake()));
addEventListener("online", wake);
addEventListener("pagehide", disconnect);
addEventListener("pageshow", (event) => event.persisted && wake());
connect();

// Dragging

function showGrips() {
  for (const grip of page.querySelectorAll("[data-queue-order] [data-grip]")) {
    grip.hidden = grip.closest("[data-queue-order]").children.length < 2;
  }
}

function place(drag) {
  const line = drag.subject;
  for (const other of line.parentElement.children) {
    if (other === line) continue;
    const box = other.getBoundingClientRect();
    if (drag.y < box.top || drag.y > box.bottom) continue;
    const isAfter = drag.y > box.top + box.height / 2;
    const before = isAfter ? other.nextElementSibling : other;
    if (before !== line && line.nextElementSibling !== before) line.parentElement.insertBefore(line, before);
    return;
  }
}

function drop(line) {
  const below = line.nextElementSibling;
  const other = below ?? line.previousElementSibling;
  if (!other) return;
  const form = line.querySelector(".queue-form");
  window.htmx.ajax("POST", form.getAttribute("action"), {
    target: "#queue",
    swap: "outerHTML",
    values: { action: below ? "before" : "after", other: other.dataset.download },
  });
}

watchDrags(page, {
  pick: (event) => event.target.closest("[data-grip]")?.closest("[data-download]"),
  begin: (drag) => {
    const line = drag.subject;
    const box = line.getBoundingClientRect();
    isDragging = true;
    [drag.dx, drag.dy] = [drag.fromX - box.left, drag.fromY - box.top];
    [drag.list, drag.next] = [line.parentElement, line.nextElementSibling];
    drag.ghost = line.cloneNode(true);
    for (const one of [drag.ghost, ...drag.ghost.querySelectorAll("[id]")]) one.removeAttribute("id");
    drag.ghost.removeAttribute("data-download");
    drag.ghost.setAttribute("aria-hidden", "true");
    drag.ghost.classList.add("queue-ghost");
    drag.ghost.style.width = `${box.width}px`;
    document.body.append(drag.ghost);
    line.classList.add("is-dragged");
  },
  move: (drag) => {
    drag.ghost.style.transform = `translate(${drag.x - drag.dx}px, ${drag.y - drag.dy}px)`;
    place(drag);
  },
  end: (drag, isKept) => {
    const line = drag.subject;
    drag.ghost.remove();
    line.classList.remove("is-dragged");
    isDragging = false;
    if (line.nextElementSibling === drag.next) return;
    if (isKept) drop(line);
    else drag.list.insertBefore(line, drag.next);
  },
});

showGrips();
