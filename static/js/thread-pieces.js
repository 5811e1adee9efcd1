// Putting comments into a conversation that is on the page: new ones, changed ones, what is left of deleted ones.

export const wholeOf = (target) => target.closest?.("[data-thread-whole]") ?? null;

/** Tell those who do not see it. */
export function say(whole, words) {
  const line = whole.querySelector("[data-thread-said]");
  line.textContent = "";
  requestAnimationFrame(() => (line.textContent = words));
}

/** POST a form's fields (or {action, token}: a form that holds the token), and `more`; the answer, or an error with `words`. `how`: more of fetch's. */
export async function postForm(form, more = {}, how = {}) {
  const isForm = form instanceof HTMLFormElement;
  const fields = new URLSearchParams(isForm ? new FormData(form) : {});
  for (const [name, value] of Object.entries(more)) fields.set(name, value);
  const holder = isForm ? form : form.token;
  const answer = await fetch(isForm ? form.getAttribute("action") : form.action, {
    method: "POST",
    headers: { "X-CSRFToken": holder.elements.csrfmiddlewaretoken.value, "X-Requested-With": "fetch" },
    body: fields,
    ...how,
  });
  if (answer.ok && !answer.redirected) return answer;
  const problem = await answer.json().catch(() => ({}));
  const words = Object.values(problem.fields ?? {}).flat()[0] ?? (problem.detail || problem.title);
  throw Object.assign(new Error("refused"), { words });
}

/** The comment in a piece of HTML that the server made. */
export function pieceOf(html) {
  const box = document.createElement("template");
  box.innerHTML = html;
  return box.content.querySelector(".comment");
}

const oneOf = (comment) => comment.querySelector(":scope > .comment-one");
const announce = (element) => {
  window.htmx?.process(element);
  element.dispatchEvent(new CustomEvent("content:added", { bubbles: true }));
};

function count(whole, by) {
  whole.dataset.count = Math.max(0, Number(whole.dataset.count) + by);
  const shown = whole.closest(".thread")?.querySelector("[data-thread-count]");
  if (shown) shown.textContent = Number(whole.dataset.count).toLocaleString(document.documentElement.lang);
}

const focusOn = (comment) => {
  oneOf(comment).focus({ preventScroll: true });
  comment.scrollIntoView({ block: "nearest" });
};

/** What can be done with the comments of `whole`. */
export const put = (whole) => ({
  /** A new comment, below `parent` or at the top of the list; the focus goes to it. */
  added(html, parent) {
    const comment = pieceOf(html);
    const known = document.getElementById(comment.id);
    if (known) return focusOn(known); // a retry was answered with what the first try made
    const list = parent ? parent.querySelector(":scope > [data-replies]") : whole.querySelector("[data-comments]");
    for (const old of whole.querySelectorAll(".is-new")) old.classList.remove("is-new");
    comment.classList.add("is-new");
    parent?.classList.remove("is-folded");
    whole.querySelector(".thread-empty")?.remove();
    whole.querySelector(".thread-sorts")?.removeAttribute("hidden");
    list.prepend(comment);
    announce(comment);
    count(whole, 1);
    focusOn(comment);
  },

  /** The text of `comment` as it is now; its answers stay. */
  changed(comment, html) {
    const one = pieceOf(html).querySelector(".comment-one");
    const fold = oneOf(comment).querySelector("[data-fold]");
    if (fold && !one.querySelector("[data-fold]")) one.querySelector(".comment-head").append(fold);
    oneOf(comment).replaceWith(one);
    announce(comment);
    one.focus({ preventScroll: true });
  },

  /** `comment` is deleted: a tombstone where answers hang on it, nothing elsewhere. */
  removed(comment, html) {
    count(whole, -1);
    if (html) {
      comment.classList.add("is-gone");
      this.changed(comment, html);
      return;
    }
    const near = comment.nextElementSibling ?? comment.previousElementSibling ?? comment.parentElement.closest(".comment");
    comment.remove();
    const stop = near?.matches?.(".comment") ? oneOf(near) : whole.querySelector("[data-composer-text]");
    stop?.focus({ preventScroll: true });
  },
});
