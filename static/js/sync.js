// After signing in: what this browser kept of an anonymous visitor goes up to the account, on whichever page comes first.
import { pushUp, rows } from "./progress-store.js";

const { body } = document;
if (body.hasAttribute("data-signed-in") && rows().length) {
  const csrf = JSON.parse(body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"];
  pushUp("/api/v1/users/me/progress", csrf)
    .then(() => {
      // The home page was drawn without these rows.
      if (location.pathname === "/" && !rows().length) location.reload();
    })
    .catch(() => {}); // offline: the next page tries again
}
