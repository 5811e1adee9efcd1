// Continue watching: the row of anonymous people comes from the browser's own storage; taking an item out needs no reload.
// The player keeps localStorage["hiroba.progress"]: {"<anime>/<episode>": {position, duration, updated_at (ISO), translation_id}}.

const KEY = "hiroba.progress";

const stored = () => {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
};

const newest = () => {
  const found = new Map();
  for (const [key, value] of Object.entries(stored())) {
    const [anime, episode] = key.split("/").map(Number);
    const other = found.get(anime);
    if (!anime || (other && other.updated_at > value.updated_at)) continue;
    found.set(anime, { anime, episode, ...value });
  }
  return [...found.values()].sort((a, b) => (a.updated_at < b.updated_at ? 1 : -1)).slice(0, 12);
};

const place = document.querySelector("[data-resume]");
if (place) {
  const items = newest().map((item) => [item.anime, item.episode, Math.round(item.position), Math.round(item.duration)].join("."));
  if (items.length) {
    const answer = await fetch(`${place.dataset.resume}?at=${items.join(",")}`);
    if (answer.ok) {
      place.innerHTML = await answer.text();
      place.hidden = false;
    }
  }
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-resume-remove]");
  if (!form) return;
  event.preventDefault();
  const card = form.closest(".card");
  const row = card.closest(".row");
  if (form.closest("[data-resume]")) {
    const kept = Object.entries(stored()).filter(([key]) => key.split("/")[0] !== card.dataset.anime);
    localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(kept)));
  } else {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
    if (!answer.ok) return;
  }
  (card.nextElementSibling ?? card.previousElementSibling)?.querySelector("a")?.focus();
  card.remove();
  if (!row.querySelector(".card")) row.remove();
});
