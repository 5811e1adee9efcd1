// Continue watching: the row of anonymous people comes from the browser's own storage; taking an item out needs no reload.
import { removeAnime, rows } from "./progress-store.js";
import { wire } from "./rows.js";

const FINISHED = 0.95;

// One item an anime, the episode touched last; newest first. A finished one offers nothing: only the server knows what follows.
const newest = () => {
  const found = new Map();
  for (const row of rows()) {
    const other = found.get(row.anime_id);
    if (!other || other.updated_at < row.updated_at) found.set(row.anime_id, row);
  }
  return [...found.values()]
    .filter((row) => !row.duration || row.timecode / row.duration < FINISHED)
    .sort((a, b) => (a.updated_at < b.updated_at ? 1 : -1))
    .slice(0, 12);
};

const place = document.querySelector("[data-resume]");
const kept = place ? newest() : [];
if (kept.length) {
  const at = kept.map((row) => [row.anime_id, row.episode_num, Math.round(row.timecode), Math.round(row.duration ?? 0)].join("."));
  const answer = await fetch(`${place.dataset.resume}?at=${at.join(",")}`);
  if (answer.status === 200) {
    place.innerHTML = await answer.text();
    place.hidden = false;
    place.querySelectorAll("[data-row]").forEach(wire);
  } else place.hidden = true;
} else if (place) place.hidden = true;

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-resume-remove]");
  if (!form) return;
  event.preventDefault();
  const card = form.closest(".card");
  const row = card.closest(".row");
  if (form.closest("[data-resume]")) removeAnime(Number(card.dataset.anime));
  else {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
    if (!answer.ok) return;
  }
  (card.nextElementSibling ?? card.previousElementSibling)?.querySelector("a")?.focus();
  card.remove();
  if (!row.querySelector(".card")) (row.closest("[data-resume]") ?? row).remove();
});
