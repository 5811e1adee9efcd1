// Who goes on by keyboard stays where they were: what htmx puts in the place of the focused element takes the focus over.
// (Elements that keep their id keep the focus by htmx itself; a script that knows better moves it after this one.)
const STOPS = ":is(a[href], button:not(:disabled), summary, input:not([type=hidden]), select, textarea):not([tabindex='-1'])";

let place = null;

document.addEventListener("htmx:beforeSwap", ({ detail: { target } }) => {
  const had = document.activeElement;
  place = had && had !== document.body && target?.contains(had) ? { parent: target.parentElement, before: target.previousElementSibling } : null;
});

document.addEventListener("htmx:afterSettle", () => {
  if (!place) return;
  const { parent, before } = place;
  place = null;
  if (document.activeElement && document.activeElement !== document.body) return;
  const fresh = before ? before.nextElementSibling : parent?.firstElementChild;
  if (!fresh?.isConnected) return;
  const stop = fresh.matches(STOPS) ? fresh : (fresh.querySelector(":is(h2, h3) a[href]") ?? fresh.querySelector(STOPS));
  stop?.focus({ preventScroll: true });
});
