// People: what changes between the viewer and others shows on an open page (the buttons answer through htmx).

const KINDS = new Set(["friend_request", "friend_accepted", "followed"]);
const drawnWith = document.getElementById("bell")?.dataset.unread; // what was told when the page was drawn

/** Whether a `live` event may change what stands here; READY tells of what came before the socket was there. */
const isNews = ({ type, data }) =>
  type === "READY" ? String(data?.notifications?.unread) !== drawnWith : type === "notification.created" && KINDS.has(data?.kind);

/** Draw `selector` anew from this page's own address, unless somebody is in the middle of a menu or of typing in it. */
async function redraw(selector) {
  const old = document.querySelector(selector);
  if (!old || old.contains(document.activeElement) || old.querySelector("details[open]")) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector(selector);
  const now = document.querySelector(selector);
  if (!fresh || !now) return;
  now.replaceWith(fresh);
  window.htmx?.process(fresh);
}

document.addEventListener("live", ({ detail }) => {
  if (!isNews(detail)) return;
  redraw("#people[data-live]");
  redraw(".profile-head > .person-buttons");
});
