// The socket of the page (live/session): what happens to the person becomes `live` events of the document, and the page ends
// with its sign-in. It sleeps while the page is hidden and is closed before the page is put aside, so that the browser can
// bring it back as it was; coming back it asks for what it missed.
//
// `live` events: {type, data, seq}. Besides the types of the event log (notification.created …) there is READY with a snapshot
// of what the page shows ({notifications: {unread}}): at the start, and whenever events were missed for good.
import { toastLater } from "./toasts.js";

const SIGNED_OUT = 4001;
const NO_SUCH_SOCKET = 4004;
const HIDDEN_FOR = 20_000; // milliseconds; shorter looks elsewhere keep the socket
const SLOWEST = 60_000;
const HEARTBEAT = 30_000;
const OWN_FORM = 10_000; // a form that was sent this recently may be what signs out: its answer goes first
const { signInUrl, signedOut } = document.body.dataset;

let socket = null;
let failures = 0;
let submitted = -OWN_FORM;
let unanswered = 0;
let isOver = false;
let seq = null; // of the last event that arrived
const timers = {};

const later = (name, milliseconds, run) => {
  clearTimeout(timers[name]);
  timers[name] = setTimeout(run, milliseconds);
};

const send = (op, data) => socket?.readyState === WebSocket.OPEN && socket.send(JSON.stringify({ op, d: data }));

const tell = (type, data, number) => document.dispatchEvent(new CustomEvent("live", { detail: { type, data, seq: number } }));

const close = () => {
  for (const timer of Object.values(timers)) clearTimeout(timer);
  const old = socket;
  socket = null;
  old?.close(1000);
};

const leave = () => {
  if (isOver) return;
  isOver = true;
  close();
  const wait = performance.now() - submitted < OWN_FORM ? 4000 : 0;
  setTimeout(() => {
    toastLater(signedOut);
    location.assign(`${signInUrl}?next=${encodeURIComponent(location.pathname + location.search)}`);
  }, wait);
};

const beat = () => {
  if (unanswered >= 2) {
    close();
    connect();
    return;
  }
  unanswered += 1;
  send("HEARTBEAT", {});
  later("beat", HEARTBEAT, beat);
};

const again = () => {
  failures += 1;
  const pause = Math.min(SLOWEST, 1000 * 2 ** Math.min(failures, 8));
  later("connect", pause * (0.5 + Math.random() / 2), connect);
};

function connect() {
  clearTimeout(timers.connect);
  if (socket || isOver || document.hidden) return;
  const address = new URL("/live/session?cookie", location.href);
  if (seq !== null) address.searchParams.set("seq", seq);
  address.protocol = address.protocol.replace("http", "ws");
  const opened = new WebSocket(address);
  socket = opened;
  unanswered = 0;
  opened.addEventListener("message", (event) => {
    const frame = JSON.parse(event.data);
    unanswered = 0;
    if (frame.op === "READY") {
      failures = 0;
      later("beat", HEARTBEAT, beat);
      if (seq === null || !frame.d.is_complete) tell("READY", frame.d.snapshot, frame.d.seq);
      seq = frame.d.seq;
    } else if (frame.op === "INVALID_SESSION") {
      seq = null;
      opened.close(1000); // a new one brings a snapshot
    } else if (frame.t === "SIGNED_OUT") leave();
    else if (frame.op === "DISPATCH") {
      seq = frame.s;
      tell(frame.t, frame.d, frame.s);
    }
  });
  opened.addEventListener("close", ({ code }) => {
    if (socket !== opened) return; // we closed it
    socket = null;
    clearTimeout(timers.beat);
    if (code === SIGNED_OUT) leave();
    else if (code !== NO_SUCH_SOCKET) again();
  });
}

const wake = () => {
  clearTimeout(timers.sleep);
  failures = 0;
  connect();
};

document.addEventListener("visibilitychange", () => (document.hidden ? later("sleep", HIDDEN_FOR, close) : wake()));
document.addEventListener("submit", () => (submitted = performance.now()), true);
addEventListener("online", wake);
addEventListener("pagehide", close);
addEventListener("pageshow", (event) => event.persisted && wake());

if ("requestIdleCallback" in window) requestIdleCallback(connect, { timeout: 1000 });
else setTimeout(connect, 300);
