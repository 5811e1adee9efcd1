// Answers that arrive while one reads: the notice of one brings its comment along, and the page offers to show it.
import { pieceOf, put, say, wholeOf } from "./thread-pieces.js";

const KINDS = new Set(["reply", "comment", "mention"]);
const ADDRESS = /^\/comments\/[0-9a-f-]{36}$/;

const waiting = new Map(); // comment's id → HTML

const whole = () => document.querySelector("[data-thread-whole]");

function offer() {
  const box = whole()?.querySelector("[data-thread-news]");
  if (!box) return;
  const { dataset } = whole();
  const words = waiting.size === 1 ? dataset.new : dataset.newMore.replace("%s", waiting.size);
  box.querySelector("span").textContent = `${words} – ${dataset.show}`;
  box.hidden = !waiting.size;
  if (waiting.size) say(whole(), words);
}

async function arrived({ kind, url }) {
  const root = whole();
  if (!root || !KINDS.has(kind) || !ADDRESS.test(url)) return;
  const answer = await fetch(url, { headers: { "X-Requested-With": "fetch" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const html = await answer.text();
  const comment = pieceOf(html);
  if (comment?.dataset.of !== root.dataset.path || document.getElementById(comment.id)) return;
  waiting.set(comment.id, html);
  offer();
}

function show() {
  const root = whole();
  for (const [id, html] of waiting) {
    const { parent } = pieceOf(html).dataset;
    const above = parent ? document.getElementById(`comment-${parent}`) : null;
    if (parent && !above) {
      location.assign(`/comments/${id.replace("comment-", "")}`); // its place is not on this page
      return;
    }
    put(root).added(html, above);
    const added = document.getElementById(id);
    if (above) added.dataset.level = Number(above.dataset.level) + 1;
  }
  waiting.clear();
  offer();
}

document.addEventListener("live", (event) => {
  if (event.detail.type === "notification.created") arrived(event.detail.data);
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-thread-news] button") && wholeOf(event.target)) show();
});
