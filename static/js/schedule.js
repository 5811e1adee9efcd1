// The time zone applies as soon as it is chosen; on small screens the page begins at today.
import "./countdown.js";

const form = document.querySelector("form[data-zone]");
if (form) {
  form.querySelector("button").hidden = true;
  form.addEventListener("change", () => form.requestSubmit());
}

if (matchMedia("(max-width: 900px)").matches && !location.hash) {
  const today = document.getElementById("today");
  if (today && today.previousElementSibling) today.scrollIntoView();
}
