// What the player is set to: this browser's own choices (one JSON object in local storage; a broken one counts as empty),
// and for signed-in people their account's preferences, which win where they say something.

const KEY = "hiroba.player";
const DEFAULTS = {
  volume: 1,
  muted: false,
  rate: 1,
  subtitle: null, // language, "off", or null: follow the version
  translation: null, // {kind, language, team}
  chosenUnder: "", // the language of audio that the account asked for when `translation` was chosen
  quality: 0, // height in pixels, 0: automatic
  autoPlay: false,
  autoNext: true,
  autoSkipOpening: false,
  autoSkipEnding: false,
  language: "", // of audio, from the account
  theatre: false,
  keys: true,
};
// Name here → name in the account's preferences.
const ACCOUNT = {
  autoPlay: "auto_play",
  autoNext: "auto_next",
  autoSkipOpening: "auto_skip_opening",
  autoSkipEnding: "auto_skip_ending",
  language: "default_language",
};

function read() {
  try {
    const { autoSkip = false, ...kept } = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    // One switch for both, before there were two.
    return { ...DEFAULTS, autoSkipOpening: autoSkip, autoSkipEnding: autoSkip, ...kept };
  } catch {
    return { ...DEFAULTS };
  }
}

export const settings = read();

// Of this browser alone: what an account says is laid over it and not kept here, for the next person on this machine.
const local = { ...settings };
let account = null;

// Take over what the account says; `save` is called with the account's names when one of these is changed here.
export function accountUse(preferences, save) {
  if (!preferences) return;
  account = save;
  for (const [name, there] of Object.entries(ACCOUNT)) if (there in preferences) settings[name] = preferences[there];
}

// The version chosen in this browser, unless the account's language of audio has been changed since.
export function chosenVersion() {
  return settings.translation && settings.chosenUnder === settings.language ? settings.translation : null;
}

export function remember(changes) {
  Object.assign(settings, changes);
  const theirs = account ? Object.keys(changes).filter((name) => name in ACCOUNT) : [];
  if (theirs.length) account(Object.fromEntries(theirs.map((name) => [ACCOUNT[name], changes[name]])));
  for (const [name, value] of Object.entries(changes)) if (!theirs.includes(name)) local[name] = value;
  try {
    localStorage.setItem(KEY, JSON.stringify(local));
  } catch {
    // Storage is full or forbidden: the choice lasts as long as the page.
  }
}
