// Votes on comments: shown at once, put back when the server refuses. Changes of one comment's vote go one after the other.
import { postForm, say, wholeOf } from "./thread-pieces.js";
import { toast } from "./toasts.js";

const pending = new Map(); // form → {mine: what the reader wants, sent: what was asked for last, counted: what the server said last}

function show(form, mine, score) {
  form.dataset.votes = mine;
  form.querySelector("[data-score]").textContent = score;
  for (const button of form.querySelectorAll("[data-vote]")) {
    const isMine = Number(button.dataset.vote) === mine;
    button.setAttribute("aria-pressed", String(isMine));
    button.value = isMine ? 0 : button.dataset.vote;
  }
}

const settled = (form) => {
  pending.delete(form);
  form.classList.remove("is-saving");
};

/** Ask for what the reader wants; outlives the page, so that who votes and leaves has voted. */
function send(form, wish) {
  wish.sent = wish.mine;
  return postForm(form, { value: wish.sent }, { keepalive: true });
}

async function save(form, wish) {
  const whole = wholeOf(form);
  try {
    while (wish.sent !== wish.mine) wish.counted = await (await send(form, wish)).json();
    say(whole, whole.dataset.score.replace("%s", wish.counted.score));
  } catch (error) {
    toast(error.words ?? whole.dataset.failed, "error");
  }
  settled(form);
  show(form, wish.counted.mine, wish.counted.score);
}

function vote(form, value) {
  const shown = { mine: Number(form.dataset.votes), score: Number(form.querySelector("[data-score]").textContent) };
  const mine = shown.mine === value ? 0 : value;
  show(form, mine, shown.score + mine - shown.mine);
  const wish = pending.get(form);
  if (wish) {
    wish.mine = mine; // the answer that is on its way is followed by this
    return;
  }
  form.classList.add("is-saving");
  pending.set(form, { mine, counted: shown });
  save(form, pending.get(form));
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest?.("[data-thread-whole] form.votes");
  if (!form) return;
  event.preventDefault();
  vote(form, Number(event.submitter?.dataset.vote ?? 0));
});

addEventListener("pagehide", () => {
  for (const [form, wish] of pending) if (wish.sent !== wish.mine) send(form, wish).catch(() => {});
});
