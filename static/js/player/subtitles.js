// Subtitles: WebVTT by the browser, ASS by libass (loaded when the first ASS track is chosen).

export class Subtitles extends EventTarget {
  constructor(video, tracks, vendor) {
    super();
    this.video = video;
    this.tracks = tracks;
    this.vendor = vendor;
    this.current = null;
    this.octopus = null;
    this.element = null;
  }

  // What there is for the source that plays now. What was shown goes on in the same language where it was another file's.
  offer(tracks) {
    this.tracks = tracks;
    if (!this.current || tracks.includes(this.current)) return;
    const same = tracks.filter((track) => track.language === this.current.language);
    this.show(same.find((track) => track.format === this.current.format) ?? same[0] ?? null);
  }

  // Show one track, or none for null.
  async show(track) {
    this.#clear();
    this.current = track;
    this.dispatchEvent(new Event("change"));
    if (!track) return;
    if (track.format === "ass") await this.#showAss(track);
    else this.#showVtt(track);
  }

  #showVtt(track) {
    const element = document.createElement("track");
    Object.assign(element, { kind: "subtitles", label: track.label, srclang: track.language, src: track.url });
    this.video.append(element);
    element.track.mode = "showing";
    this.element = element;
  }

  async #showAss(track) {
    await loadScript(this.vendor.octopus);
    if (this.current !== track) return;
    this.octopus = new window.SubtitlesOctopus({
      video: this.video,
      subUrl: track.url,
      workerUrl: this.vendor.octopusWorker,
      fallbackFont: this.vendor.font,
      fonts: [this.vendor.font],
      onError: () => this.#fallBack(track),
    });
    // The controller lets go of its video whenever the media slot changes, so the canvas lies in the default slot (player.css).
    this.octopus.canvasParent.setAttribute("noautohide", "");
  }

  // A broken ASS file or a browser without WebAssembly still gets the words.
  #fallBack(track) {
    if (this.current !== track) return;
    const plain = this.tracks.find((other) => other.format === "vtt" && other.language === track.language);
    this.show(plain ?? null);
  }

  #clear() {
    this.octopus?.dispose();
    this.octopus = null;
    if (this.element) {
      this.element.track.mode = "disabled";
      this.element.remove();
      this.element = null;
    }
  }

  // The track to begin with: the language chosen last, else the default with subbed versions and none with dubbed ones.
  initial(wanted, kind) {
    if (wanted === "off") return null;
    if (wanted) {
      const same = this.tracks.filter((track) => track.language === wanted);
      return same.find((track) => track.format === "ass") ?? same[0] ?? null;
    }
    if (kind === "dub") return null;
    const page = document.documentElement.lang;
    const ranked = [...this.tracks].sort((a, b) => rank(b, page) - rank(a, page));
    return ranked[0] ?? null;
  }
}

const rank = (track, page) => (track.language === page ? 4 : 0) + (track.default ? 2 : 0) + (track.format === "ass" ? 1 : 0);

const loading = new Map();

function loadScript(address) {
  if (!loading.has(address)) {
    loading.set(
      address,
      new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = address;
        script.onload = resolve;
        script.onerror = () => {
          loading.delete(address);
          reject(new Error("subtitle renderer did not load"));
        };
        document.head.append(script);
      }),
    );
  }
  return loading.get(address);
}
