// The bell: its number follows the person's event log in every open page, its panel holds the latest, what happens now is
// said once. Works as a plain menu with a link without this.
import { toast } from "./toasts.js";

const bell = document.getElementById("bell");
const words = bell.dataset;
const summary = bell.querySelector("summary");
const panel = bell.querySelector(".bell-panel");
const badge = bell.querySelector(".bell-count");
const list = document.querySelector("[data-live-list]");
const CREATED = "notification.created";
const READ = "notification.read";
const MOST = 99;
const title = document.title;
let isStale = true;

function count(unread) {
  badge.textContent = unread > MOST ? `${MOST}+` : unread;
  badge.hidden = unread === 0;
  bell.dataset.unread = unread;
  summary.setAttribute("aria-label", unread ? words.nameUnread.replace("{n}", unread) : words.name);
  document.title = unread ? `(${unread > MOST ? `${MOST}+` : unread}) ${title}` : title;
}

const linksIn = () => [...panel.querySelectorAll("a")];

async function piece(address) {
  const answer = await fetch(address, { headers: { "HX-Request": "true" } });
  if (!answer.ok || answer.redirected) throw new Error(`status ${answer.status}`);
  return answer.text();
}

async function countAnew() {
  const answer = await fetch("/api/v1/notifications/unread-count");
  if (answer.ok) count((await answer.json()).count);
}

async function panelLoad() {
  isStale = false;
  try {
    const html = await piece(words.panel);
    const held = panel.contains(document.activeElement) ? document.activeElement : null;
    panel.innerHTML = html;
    if (held) (linksIn().find((link) => link.href === held.href) ?? panel.querySelector("a, button"))?.focus();
  } catch {
    isStale = true;
    if (bell.open) toast(words.failed, "error");
  }
}

bell.addEventListener("toggle", async () => {
  if (!bell.open) return;
  if (isStale) await panelLoad();
  // Who came by the keyboard goes on in the panel; a mouse leaves the focus where it is.
  if (summary.matches(":focus-visible")) panel.querySelector("a, button")?.focus();
});

panel.addEventListener("submit", async (event) => {
  if (!event.target.matches("[data-bell-read]")) return;
  event.preventDefault();
  const answer = await fetch(event.target.action, {
    method: "POST",
    headers: { "HX-Request": "true" },
    body: new FormData(event.target),
  });
  if (answer.ok) markRead(null, 0);
  else event.target.submit();
});

// Up and down walk through the panel.
panel.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const links = linksIn();
  const next = links.indexOf(document.activeElement) + step;
  event.preventDefault();
  links[Math.max(0, Math.min(links.length - 1, next))]?.focus();
});

const rows = (ids) => {
  const all = document.querySelectorAll(".notice.is-unread, .bell-list .is-unread");
  return ids ? [...all].filter((row) => ids.includes(row.dataset.id)) : [...all];
};

function markRead(ids, unread) {
  for (const row of rows(ids)) {
    row.classList.remove("is-unread");
    for (const sign of row.querySelectorAll(".notice-dot, .notice-dot + .sr-only, .bell-what > .sr-only")) sign.remove();
    row.querySelector(".notice-tools form [name=id]")?.form.remove();
  }
  isStale = true;
  count(unread);
}

/** The sentence in this page's language: told in another one, it is asked for. */
async function sentence(data) {
  if (!data.language || data.language === document.documentElement.lang) return data.text;
  await panelLoad();
  return panel.querySelector(".bell-list a")?.dataset.text ?? data.text;
}

async function onTop(id) {
  const holder = document.createElement("ul");
  holder.innerHTML = await piece(`${words.page}/${id}/line`);
  const fresh = holder.firstElementChild;
  document.getElementById(fresh.id)?.remove();
  const today = document.getElementById("notice-day-today").content.firstElementChild;
  const day = today.querySelector("time").dateTime;
  let section = list.querySelector(".notice-day");
  if (section?.querySelector("time").dateTime !== day) {
    section = today.cloneNode(true);
    list.querySelector(".empty")?.remove();
    list.prepend(section);
  }
  section.querySelector(".notices").prepend(fresh);
}

async function created(data) {
  isStale = true;
  if (data.unread === undefined) countAnew();
  else count(data.unread);
  if (bell.open) await panelLoad();
  if (document.hidden) return;
  if (list) {
    try {
      if (data.id) await onTop(data.id);
      else location.reload();
      document.querySelector("[data-notice-said]").textContent = await sentence(data);
    } catch {
      // The next look at the page shows it.
    }
    return;
  }
  const address = data.id ? `${words.page}/${data.id}` : data.url;
  toast(await sentence(data), "info", { label: words.open, act: () => location.assign(address) });
}

document.addEventListener("live", ({ detail: { type, data } }) => {
  if (type === CREATED) created(data);
  else if (type === READ) {
    // What was taken back of the log says no number: it is asked for.
    if (data.unread === undefined) countAnew();
    else markRead(data.ids, data.unread);
  }
  else if (type === "READY" && data?.notifications) {
    isStale = true;
    count(data.notifications.unread);
  }
});

addEventListener("pageshow", (event) => event.persisted && countAnew());
if (Number(words.unread)) count(Number(words.unread));
