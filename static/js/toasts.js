// Short messages in the corner, read out by screen readers: toast("Saved", "success").

const region = document.querySelector(".toasts");

const arm = (element, milliseconds = 6000) => {
  let timer;
  const start = () => {
    clearTimeout(timer);
    timer = setTimeout(() => element.remove(), milliseconds);
  };
  element.addEventListener("mouseenter", () => clearTimeout(timer));
  element.addEventListener("mouseleave", start);
  element.addEventListener("focusin", () => clearTimeout(timer));
  element.addEventListener("focusout", start);
  element.addEventListener("click", (event) => event.target.closest("button[type=button]") && element.remove());
  start();
};

/** Show `text`; `kind` is info, success or error; `action` is a button of {label, act}. */
export function toast(text, kind = "info", action = null) {
  const element = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
  element.classList.add(`toast-${kind}`);
  element.querySelector("p").textContent = text;
  if (action) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: action.label });
    button.className = "toast-action";
    button.addEventListener("click", action.act);
    element.querySelector("p").after(button);
  }
  region.append(element);
  arm(element, action ? 12_000 : 6000);
}

const KEPT = "toast";

/** Show `text` on the page that comes next. */
export function toastLater(text) {
  try {
    sessionStorage.setItem(KEPT, text);
  } catch {
    // A browser without storage goes without the message.
  }
}

try {
  const kept = sessionStorage.getItem(KEPT);
  sessionStorage.removeItem(KEPT);
  if (kept && region) toast(kept);
} catch {
  // As above.
}

for (const element of region?.children ?? []) arm(element, 9000);
document.addEventListener("site:toast", (event) => toast(event.detail.text ?? event.detail.value, event.detail.kind));
