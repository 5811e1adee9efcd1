// "Report" as a dialog: the link's own page is fetched and shown in a modal <dialog> (the browser keeps the focus in it and
// closes it on Escape); afterwards the focus is back on the link. Without this script the link leads to the page.
import { toast } from "./toasts.js";

const ASKING = { "X-Requested-With": "fetch" };
let opener = null;
let isOpening = false;

const dialog = () => {
  const known = document.getElementById("report-dialog");
  if (known) return known;
  const made = document.createElement("dialog");
  made.id = "report-dialog";
  made.className = "report-dialog";
  made.setAttribute("aria-labelledby", "report-title");
  made.addEventListener("click", (event) => {
    if (event.target === made || event.target.closest("[data-report-close]")) made.close();
  });
  made.addEventListener("close", () => {
    made.replaceChildren();
    if (opener?.isConnected) opener.focus();
  });
  made.addEventListener("submit", send);
  document.body.append(made);
  return made;
};

/** What plays in the page's player, and where. */
const playing = () => {
  const player = document.querySelector("[data-watch]");
  const second = player?.querySelector("video")?.currentTime;
  return { source: player?.dataset.source, second: second === undefined ? undefined : second.toFixed(1) };
};

const addressOf = (link) => {
  const address = new URL(link.href);
  if (address.searchParams.get("target") === "episode") {
    for (const [name, value] of Object.entries(playing())) if (value) address.searchParams.set(name, value);
  }
  return address;
};

// Stylesheets of the form count before it is shown, so that nothing jumps.
const fill = async (box, html) => {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  for (const sheet of parsed.querySelectorAll('link[rel="stylesheet"]')) {
    const address = sheet.getAttribute("href");
    if ([...document.head.querySelectorAll("link")].some((link) => link.getAttribute("href") === address)) continue;
    const added = Object.assign(document.createElement("link"), { rel: "stylesheet", href: address });
    await new Promise((done) => {
      added.onload = added.onerror = done;
      document.head.append(added);
    });
  }
  const form = parsed.querySelector("[data-report-form]");
  if (!form) throw new Error("no form");
  box.replaceChildren(form);
};

const focusIn = (box) => (box.querySelector("[name=reason]:checked") ?? box.querySelector("[name=reason]") ?? box.querySelector("button")).focus();

async function open(link, back) {
  if (isOpening) return; // a second click while the form is on its way
  isOpening = true;
  const address = addressOf(link);
  try {
    const answer = await fetch(address, { headers: ASKING });
    const box = dialog();
    await fill(box, await answer.text());
    opener = back;
    if (!box.open) box.showModal();
    focusIn(box);
  } catch {
    location.assign(address); // the page itself says what is the matter
  } finally {
    isOpening = false;
  }
}

async function send(event) {
  event.preventDefault();
  const form = event.target;
  const box = dialog();
  const button = form.querySelector(".button-primary");
  if (button.disabled) return;
  button.disabled = true;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: ASKING });
    if (answer.status === 204) {
      const thanks = form.dataset.reportThanks;
      box.close();
      toast(thanks, "success");
      return;
    }
    await fill(box, await answer.text());
    focusIn(box);
  } catch {
    button.disabled = false;
    HTMLFormElement.prototype.submit.call(form);
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-report]");
  const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!link || !isPlain || !document.body.hasAttribute("data-signed-in")) return;
  event.preventDefault();
  const menu = link.closest("details.menu[open]");
  if (menu) menu.open = false;
  open(link, menu?.querySelector("summary") ?? link);
});
