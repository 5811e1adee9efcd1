// "Push in this browser" on the page of notifications: subscribe, tell the server, and show where this browser stands.
const box = document.querySelector("[data-push]");
const button = box.querySelector("button");
const state = box.querySelector("[data-push-state]");
const csrf = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"];
const words = box.dataset;

function bytes(text) {
  const raw = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
}

function say(text, { canEnable = false } = {}) {
  state.textContent = text;
  button.hidden = !canEnable;
}

async function tell(subscription) {
  const { endpoint, keys } = subscription.toJSON();
  const answer = await fetch("/api/v1/devices/register", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
    body: JSON.stringify({ platform: "web", subscription: { endpoint, keys } }),
  });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
}

async function subscribe() {
  button.disabled = true;
  try {
    if ((await Notification.requestPermission()) !== "granted") {
      say(words.denied);
      return;
    }
    await navigator.serviceWorker.register("/sw.js");
    const registration = await navigator.serviceWorker.ready;
    const key = bytes(words.key);
    const known = await registration.pushManager.getSubscription();
    // A subscription made with another key of the site is dead.
    if (known && !same(new Uint8Array(known.options.applicationServerKey ?? []), key)) await known.unsubscribe();
    await tell(await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }));
    location.reload();
  } catch {
    say(words.failed, { canEnable: true });
  } finally {
    button.disabled = false;
  }
}

function same(a, b) {
  return a.length === b.length && a.every((value, at) => value === b[at]);
}

// How the server finds an address again (accounts/services/devices.py).
async function hash(text) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function begin() {
  const can = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  if (!can) return say(words.missing);
  if (Notification.permission === "denied") return say(words.denied);
  const registration = await navigator.serviceWorker.getRegistration("/");
  const subscription = await registration?.pushManager.getSubscription();
  // Somebody else who signed in here may have subscribed: only what is in this person's list counts.
  const isMine = subscription && words.known.split(" ").includes(await hash(`web:${subscription.endpoint}`));
  if (isMine) return say(words.on);
  say(words.off, { canEnable: true });
}

button.addEventListener("click", subscribe);
begin();
