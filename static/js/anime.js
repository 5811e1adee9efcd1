// An anime's page: times in the viewer's zone, the look of the episode list, watched ticks and "Resume".
import "./countdown.js";
import { rows } from "./progress-store.js";

const FINISHED = 0.95;
const language = document.documentElement.lang;

for (const element of document.querySelectorAll("[data-moment]"))
  element.textContent = new Intl.DateTimeFormat(language, {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  }).format(new Date(element.dateTime));

// From the account (a JSON element of the page: places, and what the list says) or from this browser (places alone).
const watched = () => {
  const element = document.getElementById("anime-progress");
  const animeId = Number(location.pathname.match(/\/anime\/(\d+)/)?.[1]);
  const known = element ? JSON.parse(element.textContent) : { rows: rows().filter((row) => row.anime_id === animeId) };
  const places = known.rows.map((row) => ({
    number: row.episode_num,
    share: row.duration ? row.timecode / row.duration : 0,
    at: row.updated_at,
  }));
  return { ...known, places, ofAccount: Boolean(element) };
};

// In a rewatch an old place at the end says nothing; what was taken back on the list is not ticked either.
const isSeen = ({ counted = 0, seen = {}, is_rewatch: isRewatch = false }, number, share) =>
  seen[number] ?? (number <= counted || (!isRewatch && share >= FINISHED));

const resumeNumber = ({ places, ofAccount, next }) => {
  if (ofAccount) return next;
  const last = places.sort((a, b) => (a.at < b.at ? 1 : -1))[0];
  return last && (last.share >= FINISHED ? last.number + 1 : last.number);
};

const mark = () => {
  const known = watched();
  const shares = new Map(known.places.map(({ number, share }) => [number, share]));
  for (const row of document.querySelectorAll("#episodes .episode[data-number]")) {
    const number = Number(row.dataset.number);
    const share = shares.get(number) ?? 0;
    row.classList.toggle("is-watched", isSeen(known, number, share));
    if (shares.has(number)) row.style.setProperty("--share", share.toFixed(3));
  }
  const button = document.querySelector("[data-watch]");
  const number = resumeNumber(known);
  if (!button || !number) return;
  if (!shares.has(number) && !document.querySelector(`.episode[data-number="${number}"] a`)) return;
  button.href = button.dataset.watchBase.replace(/0$/, number);
  const share = shares.get(number) ?? 0;
  const text = share > 0 && share < FINISHED ? button.dataset.resumeText : button.dataset.nextText;
  button.querySelector("span").textContent = text.replace("{n}", number);
};

const VIEW = "hiroba.episodes";
const dress = () => {
  const bar = document.querySelector("[data-episode-views]");
  if (!bar) return;
  bar.hidden = false;
  const list = document.querySelector("#episodes .episodes");
  const set = (view) => {
    list.className = `episodes episodes-${view}`;
    for (const button of bar.children) button.setAttribute("aria-pressed", String(button.value === view));
  };
  const kept = localStorage.getItem(VIEW);
  if (kept && bar.querySelector(`button[value="${kept}"]`)) set(kept);
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    localStorage.setItem(VIEW, button.value);
    set(button.value);
  });
};

mark();
dress();
document.addEventListener("htmx:afterSwap", (event) => {
  if (document.getElementById("episodes")?.isConnected && event.detail.target.id === "episodes") {
    mark();
    dress();
  }
});
