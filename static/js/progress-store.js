// Progress of people who are not signed in: rows in local storage, newest first, in the shape that the import takes.

const KEY = "hiroba.progress";
const MOST = 500;

export function rows() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(found) ? found.filter((row) => row && Number.isInteger(row.anime_id)) : [];
  } catch {
    return [];
  }
}

function write(list) {
  try {
    localStorage.setItem(KEY, JSON.stringify(list.slice(0, MOST)));
    // So the server leaves room for the row on the front page: nothing jumps when it is filled.
    document.cookie = `resume=1;path=/;samesite=lax;max-age=${list.length ? 31536000 : 0}`;
  } catch {
    // Full or forbidden: nothing can be kept.
  }
}

export function save(row) {
  const others = rows().filter((old) => old.anime_id !== row.anime_id || old.episode_num !== row.episode_num);
  write([{ ...row, updated_at: new Date().toISOString() }, ...others]);
}

export function rowOf(animeId, episode) {
  return rows().find((row) => row.anime_id === animeId && row.episode_num === episode) ?? null;
}

export function removeAnime(animeId) {
  write(rows().filter((row) => row.anime_id !== animeId));
}

// After signing in: push what was kept here up to the account, then forget it here.
export async function pushUp(address, csrf) {
  const entries = rows();
  if (!entries.length) return;
  const answer = await fetch(`${address}/import`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
    body: JSON.stringify({ entries }),
  });
  if (answer.ok) localStorage.removeItem(KEY);
}
