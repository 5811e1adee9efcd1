// Where one was on a long list: rows that scrolling brought are brought again when one comes back or reloads, and the row that
// was on top stands there again. A list changes with every visit, so browsers may not keep the page itself (no-store).

const AT_ONCE = 4; // requests side by side
const LOOK = 180; // pixels from the window's top: below the site's header

const more = () => document.getElementById("entries-more");
const wait = () => new Promise((done) => requestAnimationFrame(done));

/** Remember, with this step of the history, how many pages of rows there are and which row is on top. */
export function keepPlace() {
  const rowsOf = () => document.querySelector("[data-entries]"); // filters draw it anew
  let timer = 0;
  let brought = 0;

  const save = () => {
    clearTimeout(timer);
    const list = rowsOf();
    if (!list || list.ariaBusy === "true") return;
    const row = topRow(list);
    const place = row && { pages: brought, id: row.id, top: Math.round(row.getBoundingClientRect().top) };
    history.replaceState({ ...history.state, place }, "");
  };
  addEventListener("scroll", () => {
    clearTimeout(timer);
    timer = setTimeout(save, 150);
  });
  addEventListener("click", (event) => event.target.closest?.("a") && save(), { capture: true });

  // Rows that the end of the list brings: counted, and the focus of the link that they replace goes on to the first of them.
  let before = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const end = event.detail.target;
    if (end?.id !== "entries-more" || !event.detail.shouldSwap) return;
    brought += 1;
    before = end.contains(document.activeElement) ? end.previousElementSibling : null;
  });
  document.addEventListener("htmx:afterSwap", () => {
    before?.nextElementSibling?.querySelector(".entry-title a")?.focus({ preventScroll: true });
    before = null;
  });
  document.addEventListener("htmx:pushedIntoHistory", () => (brought = 0));

  const place = history.state?.place;
  const isReturn = performance.getEntriesByType("navigation")[0]?.type !== "navigate";
  if (isReturn && place?.pages && more())
    bringBack(rowsOf(), place).then((count) => {
      brought = count;
      save();
    });
}

/** A row below the header; looked for beside the middle too, where a grid may have a gap. */
function topRow(list) {
  const box = list.getBoundingClientRect();
  for (const down of [0, 40, 80])
    for (const share of [0.5, 0.4, 0.1]) {
      const row = document.elementFromPoint(box.left + box.width * share, LOOK + down)?.closest(".entry");
      if (row) return row;
    }
  return null;
}

/** Fetch the pages after the first again and stand where `place` says; how many came. */
async function bringBack(list, place) {
  const end = more();
  const next = new URL(end.getAttribute("hx-get"), location.href);
  const first = Number(next.searchParams.get("page"));
  history.scrollRestoration = "manual";
  list.setAttribute("aria-busy", "true");
  end.remove(); // scrolling must not ask for what is on its way
  const parts = [];
  let tail = end;
  try {
    for (let from = 0; tail && from < place.pages; from += AT_ONCE) {
      const numbers = Array.from({ length: Math.min(AT_ONCE, place.pages - from) }, (_, step) => first + from + step);
      for (const part of await Promise.all(numbers.map((number) => rows(next, number)))) {
        tail = part.querySelector("#entries-more");
        tail?.remove();
        parts.push(part);
        if (!tail) break;
      }
    }
  } catch {
    // What came is shown; the rest can be asked for by scrolling or by the link, as before.
  }
  const there = new Set([...list.children].map((row) => row.id));
  for (const part of parts)
    for (const row of [...part.children])
      if (!there.has(row.id)) {
        there.add(row.id);
        list.append(row);
      }
  window.htmx.process(list);
  for (let pass = 0; pass < 3; pass += 1) {
    // Rows that were never drawn have guessed heights: look again after each drawing.
    const row = document.getElementById(place.id);
    if (row) scrollBy({ top: row.getBoundingClientRect().top - place.top, behavior: "instant" });
    await wait();
  }
  if (tail) {
    list.append(tail);
    window.htmx.process(tail);
  }
  list.removeAttribute("aria-busy");
  history.scrollRestoration = "auto";
  return parts.length;
}

async function rows(address, number) {
  const url = new URL(address);
  url.searchParams.set("page", number);
  const answer = await fetch(url, { headers: { "HX-Request": "true", "HX-Target": "entries-more" } });
  if (!answer.ok || answer.redirected) throw new Error("refused");
  const frame = document.createElement("template");
  frame.innerHTML = await answer.text();
  return frame.content;
}
