// The settings of the list: one score, moved by hand, in every format (the rules of lists/scores.py).

const rounded = (score, step) => String(Math.max(Math.floor(score / step + 0.5), score ? 1 : 0));
const FORMATS = {
  point_10: (score) => rounded(score, 10),
  point_10_decimal: (score) => String(score / 10),
  point_100: String,
  point_5: (score) => rounded(score, 20),
  point_3: (score) => (score < 48 ? "1" : score < 73 ? "2" : "3"),
};

for (const place of document.querySelectorAll("[data-score-example]")) {
  const slider = place.querySelector("input[type=range]");
  slider.hidden = false;
  slider.addEventListener("input", () => {
    place.querySelector("output").textContent = slider.value;
    for (const example of place.querySelectorAll("[data-format]"))
      example.firstElementChild.textContent = FORMATS[example.dataset.format](Number(slider.value));
  });
}
