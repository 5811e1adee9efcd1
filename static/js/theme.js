// Switches the theme at once; without this the form reloads the page.

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-theme-switch]");
  if (!form || !event.submitter) return;
  event.preventDefault();
  const theme = event.submitter.value;
  document.documentElement.dataset.theme = theme;
  document.cookie = `theme=${theme};path=/;max-age=31536000;samesite=lax`;
  for (const button of form.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button === event.submitter));
});

// The server draws times in this zone; the schedule asks for a reload when it was not known yet.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !/(?:^|; )tz=/.test(document.cookie)) {
  document.cookie = `tz=${zone};path=/;max-age=31536000;samesite=lax`;
  if (zone !== "UTC" && document.querySelector("[data-wants-zone]")) location.reload();
}
