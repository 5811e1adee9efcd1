// Names after @ in a composer: the people search answers while one types; arrows, Enter and Tab choose, Escape leaves it.
const WAIT = 140;
const MOST = 6;
const STARTED = /(?:^|[^\w@./])@(\w{1,32})$/;

let lists = 0;

/** What is being typed after @ before the caret: {word, from}, or null. */
function startedIn(area) {
  if (area.selectionStart !== area.selectionEnd) return null;
  const found = area.value.slice(0, area.selectionStart).match(STARTED);
  return found && { word: found[1], from: area.selectionStart - found[1].length };
}

/** A person as an option: picture (or nothing), name, @username. */
function optionOf(person, id) {
  const item = document.createElement("li");
  item.id = id;
  item.setAttribute("role", "option");
  item.dataset.username = person.username;
  const name = document.createElement("b");
  name.textContent = person.display_name || person.username;
  const handle = document.createElement("span");
  handle.className = "muted";
  handle.textContent = `@${person.username}`;
  item.append(name, handle);
  return item;
}

/** Let `area` complete names, shown in `list` (a listbox). */
export function peopleWire(area, list) {
  if (!area || !list) return;
  lists += 1;
  list.id = `composer-people-${lists}`;
  const seen = new Map();
  let timer;
  let waiting = null;
  let current = -1;

  const options = () => [...list.children];

  const close = () => {
    waiting?.abort();
    clearTimeout(timer);
    list.hidden = true;
    current = -1;
    area.removeAttribute("aria-activedescendant");
    area.removeAttribute("aria-controls");
  };

  const mark = (index) => {
    const found = options();
    current = (index + found.length) % found.length;
    for (const [place, option] of found.entries()) option.setAttribute("aria-selected", String(place === current));
    area.setAttribute("aria-activedescendant", found[current].id);
    found[current].scrollIntoView({ block: "nearest" });
  };

  const choose = (option) => {
    const started = startedIn(area);
    if (!started) return close();
    area.setSelectionRange(started.from, area.selectionStart);
    area.focus();
    const text = `${option.dataset.username} `;
    if (!document.execCommand("insertText", false, text)) {
      area.setRangeText(text, started.from, area.selectionEnd, "end");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
    close();
  };

  const show = (people) => {
    list.replaceChildren(...people.map((person, place) => optionOf(person, `${list.id}-${place}`)));
    if (!people.length) return close();
    list.hidden = false;
    area.setAttribute("aria-controls", list.id);
    mark(0);
  };

  const ask = async () => {
    const started = startedIn(area);
    if (!started) return close();
    const word = started.word.toLowerCase();
    if (seen.has(word)) return show(seen.get(word));
    waiting?.abort();
    waiting = new AbortController();
    try {
      const address = `/api/v1/users/search?q=${encodeURIComponent(word)}&page_size=${MOST}`;
      const answer = await fetch(address, { signal: waiting.signal, headers: { Accept: "application/json" } });
      if (!answer.ok) return close();
      const { results } = await answer.json();
      seen.set(word, results);
      if (startedIn(area)?.word.toLowerCase() === word && document.activeElement === area) show(results);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  };

  area.setAttribute("aria-autocomplete", "list");
  area.addEventListener("input", () => {
    clearTimeout(timer);
    if (startedIn(area)) timer = setTimeout(ask, WAIT);
    else close();
  });
  area.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") mark(current + (event.key === "ArrowDown" ? 1 : -1));
    else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") choose(options()[current]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  area.addEventListener("blur", () => setTimeout(() => document.activeElement !== area && close(), 120));
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // keep the focus in the text
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });
}
