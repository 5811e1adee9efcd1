// "Skip opening" and "Skip ending": shown inside the reviewed span, with a countdown when skipping goes by itself.

import { settings } from "./settings.js";

const COUNTDOWN = 5;

export class Skip {
  // `codes` gives the timecodes of the version that plays (or null); `button` holds a label and a ring.
  constructor(video, button, labels, codes) {
    this.video = video;
    this.button = button;
    this.labels = labels;
    this.codes = codes;
    this.span = null;
    this.cancelled = new Set();
    video.addEventListener("timeupdate", () => this.#look());
    video.addEventListener("seeking", () => this.#look());
    button.addEventListener("click", () => this.now());
  }

  #spans() {
    const row = this.codes();
    if (!row) return [];
    return [
      { name: "intro", start: row.intro_start, end: row.intro_end, label: this.labels.skipOpening },
      { name: "outro", start: row.outro_start, end: row.outro_end, label: this.labels.skipEnding },
    ].filter((span) => span.start !== null && span.end !== null);
  }

  #look() {
    const time = this.video.currentTime;
    const span = this.#spans().find(({ start, end }) => time >= start && time < end - 0.75) ?? null;
    if (span?.name !== this.span?.name) this.#enter(span);
    else if (span) this.#count(time);
  }

  #enter(span) {
    this.span = span;
    this.button.hidden = !span;
    if (!span) return;
    this.enteredAt = this.video.currentTime;
    this.#count(this.enteredAt);
  }

  #goesByItself() {
    return this.span.name === "intro" ? settings.autoSkipOpening : settings.autoSkipEnding;
  }

  #count(time) {
    const counts = this.#goesByItself() && !this.cancelled.has(this.span.name);
    const left = Math.ceil(COUNTDOWN - (time - this.enteredAt));
    this.button.querySelector("span").textContent = counts ? `${this.span.label} · ${Math.max(0, left)}` : this.span.label;
    this.button.style.setProperty("--done", counts ? `${Math.min(1, (time - this.enteredAt) / COUNTDOWN)}` : "0");
    if (counts && left <= 0) this.now();
  }

  // Jump to the end of the span now. Returns whether there was one.
  now() {
    if (!this.span) return false;
    this.video.currentTime = Math.min(this.span.end, this.video.duration || this.span.end);
    this.#enter(null);
    return true;
  }

  // Escape: stay for this span.
  cancel() {
    if (!this.span || !this.#goesByItself() || this.cancelled.has(this.span.name)) return false;
    this.cancelled.add(this.span.name);
    this.#count(this.video.currentTime);
    return true;
  }
}
