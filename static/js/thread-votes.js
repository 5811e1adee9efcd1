// Votes on comments: shown at once, put back when the server refuses. Changes of one comment's vote go one after the other.
import { postForm, say, wholeOf } from "./thread-pieces.js";
import { toast } from "./toasts.js";

const last = new WeakMap();

function show(form, mine, score) {
  form.dataset.votes = mine;
  form.querySelector("[data-score]").textContent = score;
  for (const button of form.querySelectorAll("[data-vote]")) {
    const isMine = Number(button.dataset.vote) === mine;
    button.setAttribute("aria-pressed", String(isMine));
    button.value = isMine ? 0 : button.dataset.vote;
  }
}

function vote(form, value) {
  const before = { mine: Number(form.dataset.votes), score: Number(form.querySelector("[data-score]").textContent) };
  const mine = before.mine === value ? 0 : value;
  const whole = wholeOf(form);
  show(form, mine, before.score + mine - before.mine);
  form.classList.add("is-saving");
  const run = (last.get(form) ?? Promise.resolve())
    .then(() => postForm(form, { value: mine }))
    .then((answer) => answer.json())
    .then(
      (counted) => {
        if (last.get(form) !== run) return; // a later press decides
        show(form, counted.mine, counted.score);
        say(whole, whole.dataset.score.replace("%s", counted.score));
      },
      (error) => {
        if (last.get(form) === run) show(form, before.mine, before.score);
        toast(error.words ?? whole.dataset.failed, "error");
      },
    )
    .finally(() => last.get(form) === run && form.classList.remove("is-saving"));
  last.set(form, run);
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest?.("[data-thread-whole] form.votes");
  if (!form) return;
  event.preventDefault();
  vote(form, Number(event.submitter?.dataset.vote ?? 0));
});
