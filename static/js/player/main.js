// The watch page: reads the page's JSON, builds the player, wires its parts together.

import { Engine, plays } from "./engine.js";
import { keysListen } from "./keys.js";
import { Menu, choiceGroup, switchItem } from "./menus.js";
import { NextCard } from "./next.js";
import { Progress } from "./progress.js";
import { accountUse, chosenVersion, remember, settings } from "./settings.js";
import { Skip } from "./skip.js";
import { firstSource, isDirect, nextSource, nextWay, playableAs, translationKey, versions } from "./sources.js";
import { Subtitles } from "./subtitles.js";
import { TimecodeEditor } from "./timecodes.js";

const AUTOPLAY = "hiroba.autoplay";
// "jpn" and "ja-JP" are "ja".
const audioCode = (language) => ({ jpn: "ja", eng: "en", rus: "ru", deu: "de", ger: "de", fra: "fr", fre: "fr", spa: "es" })[language] ?? language.slice(0, 2);
const RATES = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];

class Player {
  constructor(root, data) {
    this.root = root;
    this.data = data;
    this.labels = data.labels;
    this.find = (name) => root.querySelector(`[data-player="${name}"]`);
    this.video = root.querySelector("video");
    this.controller = root.querySelector("media-controller");
    this.sources = data.sources.map((source) => playableAs(source, (way) => plays(this.video, way))).filter(isDirect);
    this.failedIds = new Set();
    this.engine = new Engine(this.video, { hlsAddress: data.vendor.hls, hlsWorker: data.vendor.hlsWorker });
    this.subtitles = new Subtitles(this.video, data.subtitles, data.vendor);
    this.progress = new Progress(this.video, data, () => (this.source ? translationKey(this.source) : ""), (words) => this.say(words));
    this.codes = () => data.timecodes[translationKey(this.source ?? {})] ?? data.timecodes[""] ?? null;
  }

  async start() {
    accountUse(this.data.preferences, (changes) => this.#preferencesSave(changes));
    this.#controls();
    const asked = secondAsked();
    const at = asked ?? (await this.progress.position());
    const source = firstSource(this.sources, chosenVersion(), settings.language);
    const play = settings.autoPlay || sessionStorage.getItem(AUTOPLAY) === "1";
    sessionStorage.removeItem(AUTOPLAY);
    this.video.volume = settings.volume;
    this.video.muted = settings.muted;
    await this.use(source, { at, play });
    this.video.playbackRate = settings.rate;
    this.subtitles.show(this.subtitles.initial(settings.subtitle, source.translation?.kind));
    this.#watchPlace(asked === null ? at : 0);
    this.root.dataset.ready = "";
  }

  // The account keeps it for every device; what could not be saved holds on this page.
  #preferencesSave(changes) {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": this.data.csrf };
    fetch(this.data.urls.me, { method: "PATCH", headers, body: JSON.stringify(changes), keepalive: true }).catch(() => {});
  }

  // The audio track in the preferred language, once a source, until the viewer picks another.
  #audioPrefer() {
    if (!settings.language || chosenVersion() || this.audioOf === this.source || this.engine.audioTracks.length < 2) return;
    this.audioOf = this.source;
    const wanted = settings.language.slice(0, 2);
    const track = this.engine.audioTracks.find(({ language }) => language && audioCode(language) === wanted);
    if (track && !track.active) this.engine.setAudio(track.index);
  }

  // Play `source` from `at` seconds on.
  async use(source, { at = this.video.currentTime, play = !this.video.paused } = {}) {
    this.source = source;
    this.root.dataset.source = String(source.id);
    this.subtitles.offer(this.data.subtitles.filter((track) => !track.source || track.source === source.id));
    this.#thumbnails(source);
    this.editor?.fill();
    await this.engine.load(source, { at, play });
    this.video.playbackRate = settings.rate;
  }

  #watchPlace(at) {
    const pill = this.find("resume");
    const begin = () => {
      this.progress.start();
      if (!at) return;
      pill.hidden = false;
      pill.querySelector("span").textContent = this.labels.resumedAt.replace("%s", clock(at));
      setTimeout(() => (pill.hidden = true), 8000);
    };
    if (this.video.readyState >= 1) begin();
    else this.video.addEventListener("loadedmetadata", begin, { once: true });
    pill.querySelector("button").addEventListener("click", () => {
      this.video.currentTime = 0;
      pill.hidden = true;
    });
  }

  #controls() {
    const { video, engine } = this;
    engine.addEventListener("fail", (event) => this.#failOver(event.detail));
    engine.addEventListener("tracks", () => {
      if (settings.quality) engine.setQuality(settings.quality);
      this.#audioPrefer();
      this.menu.refresh();
    });
    video.addEventListener("volumechange", () => remember({ volume: video.volume, muted: video.muted }));
    video.addEventListener("ratechange", () => {
      if (video.readyState) remember({ rate: video.playbackRate });
    });
    this.skip = new Skip(video, this.find("skip"), this.labels, this.codes);
    this.card = new NextCard(video, this.find("next-card"), this.data, this.codes, () => this.go(this.data.next));
    this.menu = new Menu(this.find("settings-button"), this.find("settings"), () => this.#settingsMenu());
    this.captions = new Menu(this.find("captions-button"), this.find("captions"), () => [this.#subtitleGroup()]);
    this.subtitles.addEventListener("change", () => {
      this.find("captions-button").setAttribute("aria-pressed", String(Boolean(this.subtitles.current)));
    });
    this.find("theatre-button").addEventListener("click", () => this.theatre(!settings.theatre));
    for (const name of ["previous", "next"]) {
      this.find(name)?.addEventListener("click", (event) => {
        event.preventDefault();
        this.go(this.data[name]);
      });
    }
    const editor = this.find("timecodes");
    if (editor) this.editor = new TimecodeEditor(editor, video, this.data, () => translationKey(this.source ?? {}));
    this.theatre(settings.theatre);
    this.#keys();
    this.#mediaSession();
  }

  #failOver({ source, reason }) {
    const way = nextWay(source);
    if (way) {
      this.sources = this.sources.map((other) => (other.id === way.id ? way : other));
      this.use(way, { at: this.video.currentTime || this.lastTime || 0, play: this.wasPlaying });
      return;
    }
    this.failedIds.add(source.id);
    const next = nextSource(this.sources, source, this.failedIds);
    const at = this.video.currentTime || this.lastTime || 0;
    if (!next) {
      this.say(this.labels.allFailed);
      this.root.dataset.failed = reason;
      return;
    }
    this.say(this.labels.switched.replace("%s", this.nameOf(next)));
    this.use(next, { at, play: this.wasPlaying });
  }

  nameOf(source) {
    return source.label || [source.translation?.team, source.quality && `${source.quality}p`].filter(Boolean).join(" · ") || `#${source.id}`;
  }

  versionName(source) {
    const translation = source.translation;
    if (!translation) return this.labels.original;
    const kind = this.labels[translation.kind];
    const language = new Intl.DisplayNames([document.documentElement.lang], { type: "language" }).of(translation.language);
    return [kind, language, translation.team].filter(Boolean).join(" · ");
  }

  #subtitleGroup() {
    const { current, tracks } = this.subtitles;
    const pick = (track) => () => {
      this.subtitles.show(track);
      remember({ subtitle: track?.language ?? "off" });
    };
    return choiceGroup(this.labels.subtitles, [
      { label: this.labels.off, active: !current, pick: pick(null) },
      ...tracks.map((track) => ({
        label: track.label || track.language,
        note: track.format.toUpperCase(),
        active: track === current,
        pick: pick(track),
      })),
    ]);
  }

  #settingsMenu() {
    const { labels, engine } = this;
    const found = versions(this.sources);
    const same = this.sources.filter((source) => translationKey(source) === translationKey(this.source));
    const heights = [...new Set(engine.levels.map((level) => level.height))].sort((a, b) => b - a);
    const choose = (source) => () => {
      if (source === this.source) return;
      remember({ translation: source.translation, chosenUnder: settings.language });
      this.failedIds.delete(source.id);
      this.use(source);
      this.subtitles.show(this.subtitles.initial(settings.subtitle, source.translation?.kind));
    };
    return [
      found.length > 1 &&
        choiceGroup(labels.version, found.map((source) => ({
          label: this.versionName(source),
          active: translationKey(source) === translationKey(this.source),
          pick: choose(source),
        }))),
      engine.audioTracks.length > 1 &&
        choiceGroup(labels.audio, engine.audioTracks.map((track) => ({
          label: track.name || track.language,
          active: track.active,
          pick: () => engine.setAudio(track.index),
        }))),
      heights.length > 1 &&
        choiceGroup(labels.quality, [
          { label: labels.auto, note: `${engine.playingHeight}p`, active: !settings.quality, pick: () => this.quality(0) },
          ...heights.map((height) => ({ label: `${height}p`, active: settings.quality === height, pick: () => this.quality(height) })),
        ]),
      same.length > 1 &&
        choiceGroup(labels.source, same.map((source) => ({
          label: this.nameOf(source),
          note: this.failedIds.has(source.id) ? labels.failed : "",
          active: source === this.source,
          pick: choose(source),
        }))),
      choiceGroup(labels.speed, RATES.map((rate) => ({
        label: rate === 1 ? labels.normal : `${rate}×`,
        active: this.video.playbackRate === rate,
        pick: () => (this.video.playbackRate = rate),
      }))),
      switchItem(labels.autoPlay, settings.autoPlay, (on) => remember({ autoPlay: on })),
      switchItem(labels.autoNext, settings.autoNext, (on) => remember({ autoNext: on })),
      switchItem(labels.autoSkipOpening, settings.autoSkipOpening, (on) => remember({ autoSkipOpening: on })),
      switchItem(labels.autoSkipEnding, settings.autoSkipEnding, (on) => remember({ autoSkipEnding: on })),
      switchItem(labels.keys, settings.keys, (on) => remember({ keys: on })),
    ];
  }

  quality(height) {
    remember({ quality: height });
    this.engine.setQuality(height);
  }

  #thumbnails(source) {
    this.video.querySelector('track[label="thumbnails"]')?.remove();
    if (!source.thumbnails) return;
    const track = Object.assign(document.createElement("track"), { kind: "metadata", label: "thumbnails", src: source.thumbnails, default: true });
    this.video.append(track);
    track.track.mode = "hidden";
  }

  #keys() {
    const { video } = this;
    video.addEventListener("timeupdate", () => {
      if (video.currentTime) this.lastTime = video.currentTime;
    });
    video.addEventListener("play", () => (this.wasPlaying = true));
    video.addEventListener("pause", () => {
      if (!video.error) this.wasPlaying = false;
    });
    const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
    keysListen({
      toggle: () => (video.paused ? video.play() : video.pause()) && undefined,
      seekBy: (seconds) => void (video.currentTime = clamp(video.currentTime + seconds, 0, video.duration || 0)),
      seekTo: (share) => void (video.currentTime = share * (video.duration || 0)),
      volumeBy: (step) => {
        video.muted = false;
        video.volume = clamp(video.volume + step, 0, 1);
        this.say(`${Math.round(video.volume * 100)} %`);
      },
      mute: () => void (video.muted = !video.muted),
      fullscreen: () => void this.fullscreen(),
      captions: () => {
        const track = this.subtitles.current ? null : this.subtitles.initial(settings.subtitle === "off" ? null : settings.subtitle, "sub");
        this.subtitles.show(track);
        remember({ subtitle: track?.language ?? "off" });
        this.say(track ? track.label : this.labels.subtitlesOff);
      },
      theatre: () => this.theatre(!settings.theatre),
      pip: () => void this.pip(),
      rateBy: (step) => {
        video.playbackRate = clamp(video.playbackRate + step, 0.25, 3);
        this.say(`${video.playbackRate}×`);
      },
      next: () => this.go(this.data.next),
      previous: () => this.go(this.data.previous),
      skip: () => this.skip.now(),
      search: () => {
        const field = document.querySelector('input[type="search"]');
        field?.focus();
        return Boolean(field);
      },
      help: () => document.querySelector("#player-keys")?.showModal(),
      escape: () => this.menu.close() || this.captions.close() || this.skip.cancel() || this.card.cancel?.() || false,
    });
  }

  fullscreen() {
    if (document.fullscreenElement) return document.exitFullscreen();
    return this.controller.requestFullscreen?.() ?? this.video.webkitEnterFullscreen?.();
  }

  pip() {
    if (document.pictureInPictureElement) return document.exitPictureInPicture();
    return this.video.requestPictureInPicture?.().catch(() => {});
  }

  theatre(on) {
    remember({ theatre: on });
    document.body.classList.toggle("is-theatre", on);
    this.find("theatre-button").setAttribute("aria-pressed", String(on));
  }

  go(episode) {
    if (!episode) return false;
    this.progress.save({ leaving: true });
    sessionStorage.setItem(AUTOPLAY, "1");
    location.assign(episode.url);
    return true;
  }

  say(words) {
    const line = this.find("message");
    line.textContent = words;
    line.hidden = false;
    clearTimeout(this.saying);
    this.saying = setTimeout(() => (line.hidden = true), 2500);
  }

  #mediaSession() {
    if (!("mediaSession" in navigator)) return;
    const { anime, episode } = this.data;
    navigator.mediaSession.metadata = new MediaMetadata({ title: `${episode.number}. ${episode.title}`, artist: anime.title });
    for (const [action, name] of [["previoustrack", "previous"], ["nexttrack", "next"]]) {
      if (this.data[name]) navigator.mediaSession.setActionHandler(action, () => this.go(this.data[name]));
    }
  }
}

const clock = (seconds) => {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds % 60)];
  if (!parts[0]) parts.shift();
  return parts.map((part, index) => (index ? String(part).padStart(2, "0") : part)).join(":");
};

// The second that the address asks for (`?t=`, as times in comments lead here), null for none.
const secondAsked = () => {
  const text = new URLSearchParams(location.search).get("t") ?? "";
  return /^\d{1,6}$/.test(text) ? Number(text) : null;
};

const root = document.querySelector("[data-watch]");
const json = document.querySelector("#player-data");
// An episode without a source, or with an embedded player alone, has no video element.
if (json && root?.querySelector("video")) {
  const player = new Player(root, JSON.parse(json.textContent));
  if (player.sources.length) player.start();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open-dialog]");
  if (opener) document.getElementById(opener.dataset.openDialog)?.showModal();
});
