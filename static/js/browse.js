// Browse: "with" and "without" the same label exclude each other; a studio that was taken leaves its field free.

// Runs before htmx reads the form, which listens further out.
document.addEventListener(
  "change",
  (event) => {
    const box = event.target.closest("input.toggle");
    if (!box?.checked) return;
    for (const other of box.parentElement.querySelectorAll("input.toggle")) if (other !== box) other.checked = false;
  },
  { capture: true },
);

// A studio that was taken becomes a chip of the results; the field is free for another.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "browse-results") syncStudios();
});

function syncStudios() {
  const field = document.getElementById("filter-studio");
  const chosen = new URL(location.href).searchParams.getAll("studio");
  for (const old of field.parentElement.querySelectorAll("input[type=hidden]")) old.remove();
  for (const slug of chosen) {
    const hidden = Object.assign(document.createElement("input"), { type: "hidden", name: "studio", value: slug });
    field.parentElement.append(hidden);
  }
  if (!new URL(location.href).searchParams.has("studio_name")) field.value = "";
}
document.addEventListener("htmx:pushedIntoHistory", syncStudios);
