// The card of the next episode: over the ending, with a countdown once the episode is over.

import { settings } from "./settings.js";

const COUNTDOWN_SECONDS = 8;
const BEFORE_END = 20;

export class NextCard {
  constructor(video, card, data, codes, go) {
    if (!card || !data.next) return;
    this.video = video;
    this.card = card;
    this.go = go;
    this.codes = codes;
    this.dismissed = false;
    this.timer = 0;
    video.addEventListener("timeupdate", () => this.#look());
    video.addEventListener("seeking", () => this.stop());
    video.addEventListener("ended", () => this.#count());
    card.querySelector("[data-next-go]").addEventListener("click", (event) => {
      event.preventDefault();
      go();
    });
    card.querySelector("[data-next-cancel]").addEventListener("click", () => this.cancel());
  }

  #from() {
    const { duration } = this.video;
    const ending = this.codes()?.outro_start;
    return ending ?? Math.max(duration * 0.9, duration - BEFORE_END);
  }

  #look() {
    const { currentTime, duration } = this.video;
    if (!duration || this.timer) return;
    this.card.hidden = this.dismissed || currentTime < this.#from();
  }

  #count() {
    this.card.hidden = this.dismissed;
    if (this.dismissed || !settings.autoNext || this.timer) return;
    let left = COUNTDOWN_SECONDS;
    const clock = this.card.querySelector("[data-next-clock]");
    const tick = () => {
      clock.textContent = String(left);
      if (left <= 0) this.go();
      left -= 1;
    };
    tick();
    this.timer = setInterval(tick, 1000);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = 0;
    if (this.card) this.card.querySelector("[data-next-clock]").textContent = "";
  }

  cancel() {
    if (!this.card || this.card.hidden) return false;
    this.stop();
    this.dismissed = true;
    this.card.hidden = true;
    return true;
  }
}
