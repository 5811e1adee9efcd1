// How long until a <time data-countdown>, brought up to date twice a minute.

const language = document.documentElement.lang;

const units = [
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
];
const spell = (seconds) => {
  const parts = [];
  for (const [unit, size] of units) {
    const count = Math.floor(seconds / size);
    seconds -= count * size;
    if (count && parts.length < 2)
      parts.push(new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short" }).format(count));
  }
  return parts.join(" ");
};
const tick = () => {
  for (const element of document.querySelectorAll("[data-countdown]"))
    element.textContent = spell((new Date(element.dateTime) - Date.now()) / 1000) || element.dataset.now;
};
if (document.querySelector("[data-countdown]")) {
  tick();
  setInterval(tick, 30_000);
}
