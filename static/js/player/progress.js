// Resume and save: every 10 s while playing, on pause, seek, episode change and when the page goes away.

import * as store from "../progress-store.js";
import { countedTell } from "./counted.js";

const EVERY_SECONDS = 10;
const WORTH_RESUMING = 5;
const FINISHED_SHARE = 0.95;

export class Progress {
  // `say` shows words in the player.
  constructor(video, data, translationId, say = () => {}) {
    this.say = say;
    this.video = video;
    this.data = data;
    this.translationId = translationId;
    this.saved = -1;
    this.isReady = false;
    this.known = 0;
  }

  // The second to begin at, 0 for the start. For a signed-in viewer the account decides, else this browser.
  async position() {
    const { anime, episode, signed_in: signedIn, urls, csrf } = this.data;
    if (!signedIn) return worth(store.rowOf(anime.id, episode.number));
    try {
      await store.pushUp(urls.progress, csrf);
      const answer = await fetch(`${urls.progress}?anime_id=${anime.id}`);
      const rows = answer.ok ? await answer.json() : [];
      return worth(rows.find((row) => row.episode_num === episode.number));
    } catch {
      return 0;
    }
  }

  start() {
    const { video } = this;
    this.isReady = true;
    video.addEventListener("pause", () => this.save());
    video.addEventListener("seeked", () => this.save());
    video.addEventListener("timeupdate", () => {
      if (!video.paused && Math.abs(video.currentTime - this.saved) >= EVERY_SECONDS) this.save();
    });
    addEventListener("pagehide", () => this.save({ leaving: true }));
    document.addEventListener("visibilitychange", () => {
      // The page may come back: an answer that says that the episode counts is still wanted.
      if (document.visibilityState === "hidden") this.save();
    });
  }

  save({ leaving = false } = {}) {
    const { video, data } = this;
    const duration = Number.isFinite(video.duration) ? video.duration : 0;
    const timecode = Math.round(video.currentTime * 10) / 10;
    // Nothing is stored before the video stands where it should: a slow start must not wipe the old place.
    if (!this.isReady || !duration || video.readyState < 1 || (timecode === this.saved && !leaving)) return;
    if (timecode < 1 && this.saved < 0) return;
    this.saved = timecode;
    const row = {
      anime_id: data.anime.id,
      episode_num: data.episode.number,
      timecode,
      duration: Math.round(duration * 10) / 10,
      translation_id: this.translationId(),
    };
    if (!data.signed_in) store.save({ ...row, title: data.anime.title, url: location.pathname });
    else if (leaving) this.#beacon(row);
    else this.#put(row);
  }

  #beacon(row) {
    const form = new FormData();
    form.set("csrfmiddlewaretoken", this.data.csrf);
    for (const [name, value] of Object.entries(row)) form.set(name, value);
    navigator.sendBeacon(this.data.urls.beacon, form);
  }

  #put(row) {
    fetch(this.data.urls.progress, {
      method: "PUT",
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.data.csrf },
      body: JSON.stringify(row),
      keepalive: true,
    })
      .then((answer) => (answer.ok ? answer.json() : null))
      .then((saved) => saved && countedTell(saved, this.data.csrf, this.say))
      .catch(() => {
        this.saved = -1; // try again at the next occasion
      });
  }
}

function worth(row) {
  if (!row || row.timecode < WORTH_RESUMING) return 0;
  return row.duration && row.timecode / row.duration > FINISHED_SHARE ? 0 : row.timecode;
}
