// The arrows of a row scroll it by a page; they are disabled at its ends and hidden when all of it is in view.

export const wire = (row) => {
  const track = row.querySelector(".row-track");
  const arrows = row.querySelector(".row-arrows");
  if (!track || !arrows) return;
  const [back, on] = arrows.children;
  const update = () => {
    const room = track.scrollWidth - track.clientWidth;
    arrows.hidden = room < 8;
    back.disabled = track.scrollLeft < 8;
    on.disabled = track.scrollLeft > room - 8;
  };
  const move = (sign) => track.scrollBy({ left: sign * track.clientWidth * 0.85, behavior: "smooth" });
  back.addEventListener("click", () => move(-1));
  on.addEventListener("click", () => move(1));
  track.addEventListener("scroll", update, { passive: true });
  new ResizeObserver(update).observe(track);
};

document.querySelectorAll("[data-row]").forEach(wire);
