// The two menus of the player: subtitles, and everything else (version, audio, source, quality, speed, habits).

const el = (tag, props = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), props);
  element.append(...children);
  return element;
};

// One group of choices as radio items. `choices`: [{label, note?, active, pick}].
export function choiceGroup(title, choices) {
  const id = `group-${title.replace(/\W+/g, "-")}`;
  const list = el("div", { role: "group" });
  list.setAttribute("aria-labelledby", id);
  list.append(el("p", { id, className: "player-menu-title", textContent: title }));
  for (const choice of choices) {
    const item = el("button", { type: "button", className: "player-menu-item" });
    item.setAttribute("role", "menuitemradio");
    item.setAttribute("aria-checked", String(Boolean(choice.active)));
    item.append(el("span", { textContent: choice.label }));
    if (choice.note) item.append(el("small", { textContent: choice.note }));
    item.addEventListener("click", choice.pick);
    list.append(item);
  }
  return list;
}

// One switch. `toggle` is called with the new state.
export function switchItem(label, isOn, toggle) {
  const item = el("button", { type: "button", className: "player-menu-item" }, el("span", { textContent: label }));
  item.setAttribute("role", "menuitemcheckbox");
  item.setAttribute("aria-checked", String(isOn));
  item.addEventListener("click", () => toggle(item.getAttribute("aria-checked") !== "true"));
  return item;
}

export class Menu {
  // `fill()` returns the elements to show; it is asked anew each time the menu opens and after each choice.
  constructor(button, panel, fill) {
    this.button = button;
    this.panel = panel;
    this.fill = fill;
    button.addEventListener("click", () => this.toggle());
    panel.addEventListener("click", () => requestAnimationFrame(() => this.refresh()));
    panel.addEventListener("keydown", (event) => this.#move(event));
    document.addEventListener("pointerdown", (event) => {
      const path = event.composedPath();
      if (this.isOpen && !path.includes(panel) && !path.includes(button)) this.close();
    });
  }

  get isOpen() {
    return !this.panel.hidden;
  }

  toggle() {
    if (this.isOpen) this.close();
    else this.open();
  }

  open() {
    this.panel.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    this.refresh();
    (this.panel.querySelector('[aria-checked="true"]') ?? this.panel.querySelector("button"))?.focus();
  }

  close({ focus = false } = {}) {
    if (!this.isOpen) return false;
    this.panel.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
    if (focus) this.button.focus();
    return true;
  }

  refresh() {
    if (!this.isOpen) return;
    const items = [...this.panel.querySelectorAll("button")];
    const index = items.indexOf(document.activeElement);
    this.panel.replaceChildren(...this.fill().filter(Boolean));
    if (index >= 0) this.panel.querySelectorAll("button")[index]?.focus();
  }

  #move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") {
      event.stopPropagation();
      this.close({ focus: true });
    } else if (step) {
      event.preventDefault();
      const items = [...this.panel.querySelectorAll("button")];
      items.at((items.indexOf(document.activeElement) + step) % items.length)?.focus();
    }
  }
}
