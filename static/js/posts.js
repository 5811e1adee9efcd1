// Reacting to a post: htmx swaps the bar, here is what it says when that was refused. Writing a post: pictures picked, dropped or
// pasted, each with its progress; anime found as one types; nothing typed is lost by leaving, nothing is posted twice.
// Without scripts the same forms do all of it with their buttons.
import { composerHolds, composerInsert } from "./composer.js";
import { toast } from "./toasts.js";

const form = document.querySelector("form[data-writing]");
if (form) wire();

/** What the server said in a problem document, "" where it said nothing that can be read. */
function problemWords(request) {
  try {
    const problem = JSON.parse(request.responseText);
    return Object.values(problem.fields ?? {}).flat()[0] ?? problem.detail ?? problem.title ?? "";
  } catch {
    return "";
  }
}

for (const kind of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(kind, (event) => {
    const bar = event.detail.elt.closest?.("#post-reactions");
    if (bar) toast(problemWords(event.detail.xhr) || bar.dataset.failed, "error");
  });
}

function wire() {
  const words = form.dataset;
  const list = form.querySelector("[data-images]");
  const area = form.querySelector("[data-composer-text]");
  const picker = form.elements.files;
  const said = form.querySelector("[data-said]");
  const template = document.getElementById("image-sending");
  let isLeaving = false;
  let changed = form.hasAttribute("data-typed");

  /* Pictures */

  const shown = () => list.querySelectorAll("[data-image]").length;
  const sending = () => list.querySelectorAll(".is-sending:not(.is-failed)").length;

  const show = (root) => {
    for (const element of root.querySelectorAll("[data-scripted]")) element.hidden = false;
  };

  const fail = (item, text) => {
    item.classList.add("is-failed");
    const error = item.querySelector(".error");
    error.hidden = false;
    error.textContent = text;
  };

  const refusal = (file, place) => {
    if (!file.type.startsWith("image/")) return words.noPicture;
    if (file.size > Number(words.imageBytes)) return words.tooLarge;
    return place >= Number(words.imagesLimit) ? words.tooMany : "";
  };

  /** Send one file; its item becomes what the server made of it. */
  const send = (file, item) => {
    const request = new XMLHttpRequest();
    const bar = item.querySelector(".bar");
    request.upload.addEventListener("progress", (event) => {
      const percent = event.lengthComputable ? Math.round((event.loaded / event.total) * 100) : 0;
      bar.setAttribute("aria-valuenow", percent);
      bar.style.setProperty("--done-percent", percent);
    });
    request.addEventListener("load", () => {
      const made = request.status === 200 && document.createRange().createContextualFragment(request.responseText);
      const fresh = made && made.querySelector("[data-image]");
      if (!fresh) return fail(item, problemWords(request) || words.failed);
      item.replaceWith(fresh);
      show(fresh);
      changed = true;
      said.textContent = words.added;
    });
    request.addEventListener("error", () => fail(item, words.failed));
    item.abort = () => request.abort();
    const data = new FormData();
    data.append("file", file);
    request.open("POST", words.imagesUrl);
    request.setRequestHeader("X-CSRFToken", form.elements.csrfmiddlewaretoken.value);
    request.setRequestHeader("X-Requested-With", "fetch");
    request.send(data);
  };

  const add = (files) => {
    for (const file of files) {
      const item = template.content.firstElementChild.cloneNode(true);
      item.querySelector("[data-name]").textContent = file.name;
      const refused = refusal(file, shown() + sending());
      const drawn = Object.assign(document.createElement("img"), { alt: "", src: URL.createObjectURL(file) });
      drawn.addEventListener("load", () => URL.revokeObjectURL(drawn.src));
      drawn.addEventListener("error", () => drawn.remove());
      if (!refused) item.querySelector(".post-thumb").append(drawn);
      list.append(item);
      if (refused) fail(item, refused);
      else send(file, item);
    }
  };

  picker.addEventListener("change", () => {
    add(picker.files);
    picker.value = "";
  });

  const drop = form.querySelector("[data-drop]");
  const carries = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  for (const place of [drop, area]) {
    place.addEventListener("dragover", (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      drop.classList.add("is-over");
    });
    place.addEventListener("dragleave", (event) => !place.contains(event.relatedTarget) && drop.classList.remove("is-over"));
    place.addEventListener("drop", (event) => {
      drop.classList.remove("is-over");
      if (!carries(event)) return;
      event.preventDefault();
      add(event.dataTransfer.files);
    });
  }
  area.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])].filter((file) => file.type.startsWith("image/"));
    if (!files.length) return;
    event.preventDefault();
    add(files);
  });

  list.addEventListener("click", (event) => {
    const item = event.target.closest("li");
    if (event.target.closest("[data-image-drop]")) {
      item.abort?.();
      (item.nextElementSibling ?? item.previousElementSibling)?.querySelector("[data-image-drop]")?.focus();
      if (!list.contains(document.activeElement)) picker.focus();
      item.remove();
      changed = true;
      said.textContent = words.removed;
    } else if (event.target.closest("[data-image-place]")) {
      const alt = item.querySelector("[data-alt]").value.replace(/[[\]\\\n]/g, " ");
      composerInsert(area, `![${alt}](image:${item.dataset.image})`);
      said.textContent = words.placed;
    }
  });

  /* Anime as one types */

  const search = form.elements.anime_q;
  let timer = 0;
  let pending = null;
  const find = async () => {
    pending?.abort();
    pending = new AbortController();
    const chosen = form.querySelector("#anime-choice input:checked")?.value ?? "";
    try {
      const answer = await fetch(`${words.animeUrl}?${new URLSearchParams({ q: search.value, anime: chosen })}`, {
        headers: { "X-Requested-With": "fetch" },
        signal: pending.signal,
      });
      if (!answer.ok || answer.redirected) throw new Error();
      const html = await answer.text();
      const isHeld = document.getElementById("anime-choice").contains(document.activeElement);
      document.getElementById("anime-choice").outerHTML = html;
      if (isHeld) form.querySelector("#anime-choice input:checked").focus();
    } catch (error) {
      if (error.name !== "AbortError") toast(words.failed, "error");
    }
  };
  const findNot = () => {
    clearTimeout(timer);
    pending?.abort();
  };
  form.addEventListener("change", (event) => event.target.name === "anime" && findNot()); // what comes late knows nothing of it
  search.addEventListener("input", (event) => {
    event.stopPropagation(); // looking for an anime is no draft
    clearTimeout(timer);
    timer = setTimeout(find, 180);
  });

  /* Sending the form, once; leaving it, knowingly */

  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.target.tagName !== "INPUT") return;
    if (["checkbox", "file"].includes(event.target.type)) return;
    event.preventDefault(); // Enter in a line posts nothing yet
    if (event.target === search) {
      clearTimeout(timer);
      find();
    } else if (event.target.name === "title") area.focus();
  });
  form.addEventListener("input", () => (changed = true));
  form.addEventListener("submit", (event) => {
    const act = event.submitter?.value ?? "publish";
    if (act === "find") {
      event.preventDefault();
      find();
      return;
    }
    if (sending()) {
      event.preventDefault();
      toast(words.sending, "info");
      return;
    }
    if (isLeaving) return event.preventDefault();
    isLeaving = true;
    form.querySelector("[data-publish]").setAttribute("aria-disabled", "true");
  });
  addEventListener("pageshow", () => {
    isLeaving = false;
    form.querySelector("[data-publish]").removeAttribute("aria-disabled");
  });
  addEventListener("beforeunload", (event) => {
    if (!isLeaving && (changed || composerHolds(form) || sending())) event.preventDefault();
  });
  show(list);
}
