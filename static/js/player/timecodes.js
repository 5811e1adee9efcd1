// For staff: mark where opening and ending are while watching, and save them for this version or for all.

const FIELDS = ["intro_start", "intro_end", "outro_start", "outro_end"];

export class TimecodeEditor {
  // `form` is the panel under the player; `translationId()` names the version that plays; `codes` is the page's own table.
  constructor(form, video, data, translationId) {
    this.form = form;
    this.video = video;
    this.data = data;
    this.translationId = translationId;
    form.addEventListener("click", (event) => {
      const mark = event.target.closest("[data-mark]");
      if (mark) form.elements[mark.dataset.mark].value = video.currentTime.toFixed(1);
      if (event.target.closest("[data-remove]")) this.#send("DELETE");
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send("PUT");
    });
    form.elements.scope.addEventListener("change", () => this.fill());
    this.fill();
  }

  #scope() {
    return this.form.elements.scope.value === "version" ? this.translationId() : "";
  }

  fill() {
    const row = this.data.timecodes[this.#scope()];
    for (const name of FIELDS) this.form.elements[name].value = row?.[name] ?? "";
  }

  async #send(method) {
    const scope = this.#scope();
    const body = Object.fromEntries(FIELDS.map((name) => [name, this.form.elements[name].value === "" ? null : Number(this.form.elements[name].value)]));
    const answer = await fetch(`${this.data.urls.timecodes}?translation_id=${encodeURIComponent(scope)}`, {
      method,
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.data.csrf },
      body: method === "PUT" ? JSON.stringify(body) : undefined,
    });
    const status = this.form.querySelector("[role=status]");
    if (!answer.ok) {
      const problem = await answer.json().catch(() => ({}));
      status.textContent = [problem.detail, ...Object.values(problem.fields ?? {}).flat()].filter(Boolean).join(" ");
      return;
    }
    if (method === "PUT") this.data.timecodes[scope] = body;
    else delete this.data.timecodes[scope];
    this.fill();
    status.textContent = this.data.labels.saved;
  }
}
