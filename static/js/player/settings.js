// What this browser remembers about the player. One JSON object in local storage; a broken one counts as empty.

const KEY = "hiroba.player";
const DEFAULTS = {
  volume: 1,
  muted: false,
  rate: 1,
  subtitle: null, // language, "off", or null: follow the version
  translation: null, // {kind, language, team}
  quality: 0, // height in pixels, 0: automatic
  autoNext: true,
  autoSkip: false,
  theatre: false,
  keys: true,
};

function read() {
  try {
    return { ...DEFAULTS, ...JSON.parse(localStorage.getItem(KEY) ?? "{}") };
  } catch {
    return { ...DEFAULTS };
  }
}

export const settings = read();

export function remember(changes) {
  Object.assign(settings, changes);
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // Storage is full or forbidden: the choice lasts as long as the page.
  }
}
