// What every page needs: menus, the theme switch, search, row arrows, toasts.
import "./menus.js";
import "./focus.js";
import "./theme.js";
import "./search.js";
import "./rows.js";
import "./toasts.js";
import "./sync.js";
import "./reports.js";

if (document.body.hasAttribute("data-signed-in")) import("./session.js");
