// Puts one source into the <video>: HLS through hls.js (or natively), progressive files directly. Says "fail" when it cannot go on.

const STALL_SECONDS = 12;

export class Engine extends EventTarget {
  constructor(video, { hlsAddress, hlsWorker }) {
    super();
    this.video = video;
    this.hlsAddress = hlsAddress;
    this.hlsWorker = hlsWorker;
    this.hls = null;
    this.generation = 0;
    video.addEventListener("error", () => this.#fail("media"));
    setInterval(() => this.#watchStall(), 1000);
  }

  // Load `source` and stand at `at` seconds; play on when `play`. A later call makes an earlier one void.
  async load(source, { at = 0, play = false } = {}) {
    const generation = ++this.generation;
    this.source = source;
    this.stalled = 0;
    this.failed = false;
    this.recovered = false;
    this.#detach();
    if (source.kind === "hls" && !this.video.canPlayType("application/vnd.apple.mpegurl")) {
      await this.#loadHls(source, at, generation);
    } else if (source.kind === "hls") {
      await this.#loadHls(source, at, generation).catch(() => this.#loadDirect(source, at));
    } else {
      this.#loadDirect(source, at);
    }
    if (generation !== this.generation) return;
    if (play) this.video.play().catch(() => this.dispatchEvent(new Event("blocked")));
  }

  async #loadHls(source, at, generation) {
    const { default: Hls } = await import(this.hlsAddress);
    if (generation !== this.generation) return;
    if (!Hls.isSupported()) return this.#loadDirect(source, at);
    const hls = new Hls({
      startPosition: at || -1,
      workerPath: this.hlsWorker,
      maxBufferLength: 40,
      backBufferLength: 60,
      fragLoadPolicy: { default: policy(10_000, 3) },
      manifestLoadPolicy: { default: policy(8_000, 1) },
      playlistLoadPolicy: { default: policy(8_000, 2) },
    });
    this.hls = hls;
    hls.on(Hls.Events.ERROR, (_, data) => {
      if (!data.fatal || hls !== this.hls) return;
      if (data.type === Hls.ErrorTypes.MEDIA_ERROR && !this.recovered) {
        this.recovered = true;
        hls.recoverMediaError();
      } else {
        this.#fail(data.details);
      }
    });
    for (const name of ["MANIFEST_PARSED", "AUDIO_TRACKS_UPDATED", "LEVEL_SWITCHED", "AUDIO_TRACK_SWITCHED"]) {
      hls.on(Hls.Events[name], () => this.dispatchEvent(new Event("tracks")));
    }
    hls.loadSource(source.url);
    hls.attachMedia(this.video);
  }

  #loadDirect(source, at) {
    this.video.src = source.url;
    if (at) {
      const seek = () => {
        this.video.currentTime = at;
      };
      this.video.addEventListener("loadedmetadata", seek, { once: true });
    }
    this.video.load();
    this.dispatchEvent(new Event("tracks"));
  }

  #detach() {
    this.hls?.destroy();
    this.hls = null;
    if (this.video.hasAttribute("src")) this.video.removeAttribute("src");
  }

  #fail(reason) {
    if (this.failed || !this.source || (reason === "media" && !this.video.error)) return;
    this.failed = true;
    this.dispatchEvent(new CustomEvent("fail", { detail: { source: this.source, reason } }));
  }

  // Playing, but the clock stands still and nothing comes: as dead as an error.
  #watchStall() {
    const { video } = this;
    const stuck = !video.paused && !video.ended && !video.seeking && video.readyState < 3 && video.currentTime === this.lastTime;
    this.stalled = stuck ? this.stalled + 1 : 0;
    this.lastTime = video.currentTime;
    if (this.stalled >= STALL_SECONDS) this.#fail("stalled");
  }

  get levels() {
    return (this.hls?.levels ?? []).map((level, index) => ({ index, height: level.height, bitrate: level.bitrate }));
  }

  // Height in pixels; 0 lets the bandwidth decide.
  setQuality(height) {
    if (!this.hls) return;
    this.hls.currentLevel = height ? this.hls.levels.findIndex((level) => level.height === height) : -1;
  }

  get playingHeight() {
    return this.hls?.levels[this.hls.currentLevel]?.height ?? this.video.videoHeight;
  }

  get audioTracks() {
    return (this.hls?.audioTracks ?? []).map((track, index) => ({
      index,
      name: track.name,
      language: track.lang,
      active: index === this.hls.audioTrack,
    }));
  }

  setAudio(index) {
    if (this.hls) this.hls.audioTrack = index;
  }
}

// Whether this browser plays one way of a source (`type` as `canPlayType` takes it, "" when nobody knows).
export function plays(video, way) {
  if (!way.type) return true;
  if (way.kind !== "hls") return video.canPlayType(way.type) !== "";
  const Source = window.ManagedMediaSource ?? window.MediaSource;
  return Source ? Source.isTypeSupported(way.type) : video.canPlayType(way.type) !== "";
}

function policy(timeout, retries) {
  return {
    maxTimeToFirstByteMs: timeout,
    maxLoadTimeMs: timeout * 2,
    timeoutRetry: { maxNumRetry: 1, retryDelayMs: 0, maxRetryDelayMs: 0 },
    errorRetry: { maxNumRetry: retries, retryDelayMs: 500, maxRetryDelayMs: 2000 },
  };
}
