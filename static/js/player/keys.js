// The keyboard. Off in fields, menus and dialogs, and when the viewer has switched it off.

import { settings } from "./settings.js";

const isTyping = (element) => element.closest?.("input, textarea, select, [contenteditable], dialog, [role=menu], [role=listbox]");
const isControl = (element) => element.closest?.("button, a, summary, media-time-range, media-volume-range, [role=slider]");

// `actions` maps names to functions; see `table`.
export function keysListen(actions) {
  const table = {
    k: actions.toggle,
    j: () => actions.seekBy(-10),
    l: () => actions.seekBy(10),
    ArrowLeft: () => actions.seekBy(-5),
    ArrowRight: () => actions.seekBy(5),
    ArrowUp: () => actions.volumeBy(0.05),
    ArrowDown: () => actions.volumeBy(-0.05),
    m: actions.mute,
    f: actions.fullscreen,
    c: actions.captions,
    t: actions.theatre,
    i: actions.pip,
    "<": () => actions.rateBy(-0.25),
    ">": () => actions.rateBy(0.25),
    N: actions.next,
    P: actions.previous,
    s: actions.skip,
    "/": actions.search,
    "?": actions.help,
    Escape: actions.escape,
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!settings.keys && event.key !== "Escape") return;
    const { target, key } = event;
    if (isTyping(target)) return;
    if (key === " ") {
      // A focused button is pressed by space; everywhere else it plays and pauses.
      if (isControl(target)) return;
      event.preventDefault();
      actions.toggle();
      return;
    }
    if (key.startsWith("Arrow") && target.closest?.("media-time-range, media-volume-range, [role=slider]")) return;
    const action = /^[0-9]$/.test(key) ? () => actions.seekTo(Number(key) / 10) : (table[key] ?? table[key.toLowerCase()]);
    if (!action) return;
    if (action() !== false) event.preventDefault();
  });
}
