// What is covered because it gives something away: opened by click, Enter or Space, and then open for the rest of the session.
// Covered inline: `span.spoiler` (core.markup). A covered block: `<details class="shield" data-shield="<id>">` with one element
// after its summary (templates/social/partials/shield.html); without scripts that is what it is, and a focused span shows itself.
const KEPT = "shields-open";
const MOST = 300;

const opened = new Set(read());

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
  } catch {
    return [];
  }
}

function keep(name) {
  opened.add(name);
  try {
    sessionStorage.setItem(KEPT, JSON.stringify([...opened].slice(-MOST)));
  } catch {
    // A browser without storage covers it again on the next page.
  }
}

/** The covered text of a closed block is seen as a blur, but neither read out nor reached by Tab. */
function settle(block) {
  const inside = block.querySelector(":scope > :not(summary)");
  if (inside) inside.inert = !block.open;
  block.querySelector(":scope > summary")?.setAttribute("aria-expanded", String(block.open));
}

function coverInline(span) {
  span.setAttribute("role", "button");
  span.setAttribute("aria-expanded", "false");
  span.setAttribute("aria-label", document.body.dataset.spoilerWord ?? "…");
  for (const link of span.querySelectorAll("a")) link.tabIndex = -1;
}

function openInline(span) {
  span.classList.add("is-open");
  span.setAttribute("aria-expanded", "true");
  span.removeAttribute("aria-label");
  const links = span.querySelectorAll("a");
  for (const link of links) link.removeAttribute("tabindex");
  // A button may hold no links: with one, what was opened is text again.
  if (links.length) for (const name of ["role", "aria-expanded"]) span.removeAttribute(name);
}

/** Cover what is new in `root`, but what was opened before. */
export function shieldsWire(root = document) {
  for (const span of root.querySelectorAll(".spoiler:not([role], .is-open)")) coverInline(span);
  for (const block of root.querySelectorAll("details.shield:not([data-wired])")) {
    block.dataset.wired = "";
    if (opened.has(block.dataset.shield)) block.open = true;
    settle(block);
  }
  reachScrolled(root);
}

/** Tables and code that are wider than their column are scrolled by keyboard too. */
function reachScrolled(root) {
  for (const box of root.querySelectorAll(".markdown :is(pre, table)")) {
    if (box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight) box.tabIndex = 0;
  }
}

const covered = (target) => target.closest?.(".spoiler[role=button]:not(.is-open)");

document.addEventListener(
  "click",
  (event) => {
    const span = covered(event.target);
    if (!span) return;
    event.preventDefault(); // the click that uncovers a link does not follow it
    event.stopPropagation();
    openInline(span);
  },
  true,
);

document.addEventListener("keydown", (event) => {
  const span = event.target.matches?.(".spoiler[role=button]:not(.is-open)") ? event.target : null;
  if (!span || (event.key !== "Enter" && event.key !== " ")) return;
  event.preventDefault();
  event.stopPropagation();
  openInline(span);
});

document.addEventListener(
  "toggle",
  (event) => {
    const block = event.target;
    if (!block.matches?.("details.shield")) return;
    settle(block);
    if (block.open && block.dataset.shield) keep(block.dataset.shield);
    else opened.delete(block.dataset.shield);
  },
  true,
);

document.addEventListener("htmx:load", (event) => shieldsWire(event.detail.elt.parentElement ?? document));
document.addEventListener("content:added", (event) => shieldsWire(event.target));
shieldsWire();

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-shields-all]");
  if (!button) return;
  const blocks = (button.closest(".thread") ?? document).querySelectorAll("details.shield:not([open])");
  for (const block of blocks) block.open = true;
  blocks[0]?.querySelector("summary").focus({ preventScroll: true });
  button.hidden = true;
});
