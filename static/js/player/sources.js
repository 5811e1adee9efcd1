// Which source next: same version first, then the same language, then whatever still plays. Pure functions.

export const isDirect = (source) => source.kind === "hls" || source.kind === "mp4";

// A source with the first of its ways that this browser says it plays, and the rest of them for when it does not after all.
// Where no way is said to play, all are tried.
export function playableAs(source, plays) {
  if (!source.ways?.length) return source;
  const found = source.ways.filter(plays);
  const [way, ...rest] = found.length ? found : source.ways;
  return { ...source, kind: way.kind, url: way.url, ways: rest };
}

// The same source by its next way, null when it was the last.
export function nextWay(source) {
  const [way, ...rest] = source.ways ?? [];
  return way ? { ...source, kind: way.kind, url: way.url, ways: rest } : null;
}

export const translationKey = (source) => source.translation?.id ?? "";

// The versions on offer, each once, in the order of their best source.
export function versions(sources) {
  const seen = new Map();
  for (const source of sources) if (!seen.has(translationKey(source))) seen.set(translationKey(source), source);
  return [...seen.values()];
}

// The source to begin with: the version that the viewer chose last (`wanted`), else one in the `language` of audio that
// they prefer, else the first that is not dead.
export function firstSource(sources, wanted, language = "") {
  const score = (source) => likeness(source, wanted) + (!wanted && language && isSpoken(source, language) ? 3 : 0);
  const scored = sources.map((source, order) => ({ source, order, score: score(source) }));
  scored.sort((a, b) => b.score - a.score || a.order - b.order);
  return scored[0]?.source ?? null;
}

// Whether an episode's source speaks the language: as its file says, as its dub is for, as the original is.
function isSpoken(source, language) {
  if (source.audio?.some((code) => code.slice(0, 2) === language.slice(0, 2))) return true;
  if (source.translation?.kind === "dub") return source.translation.language?.slice(0, 2) === language.slice(0, 2);
  return language === "ja" && !source.audio?.length;
}

function likeness(source, wanted) {
  let score = source.health === "dead" ? -10 : 0;
  if (!wanted || !source.translation) return score;
  if (source.translation.kind === wanted.kind) score += 2;
  if (source.translation.language === wanted.language) score += 2;
  if (source.translation.team === wanted.team) score += 1;
  return score;
}

// What to try when `failed` has failed: closest in version, then in quality; null when every one has failed.
export function nextSource(sources, failed, failedIds) {
  const rest = sources.filter((source) => !failedIds.has(source.id));
  const distance = (source) => {
    let far = 0;
    if (translationKey(source) !== translationKey(failed)) far += 100;
    if (source.translation?.kind !== failed.translation?.kind) far += 50;
    if (source.translation?.language !== failed.translation?.language) far += 50;
    if (source.health === "dead") far += 30;
    return far + Math.abs((source.quality ?? 720) - (failed.quality ?? 720)) / 1000;
  };
  return rest.sort((a, b) => distance(a) - distance(b))[0] ?? null;
}
