// One drag with a mouse, a finger or a pen: when a press becomes one, a move a frame, the page's scrolling at its edges, Escape.

const SLACK = 5; // pixels before a press becomes a drag
const EDGE = 70; // pixels from the window's edge where the page scrolls by itself
const FASTEST = 18; // pixels a frame

/**
 * Watch presses inside `root`. `pick(event)` names what may be dragged, or nothing. Then, with the drag {subject, x, y, fromX,
 * fromY} to keep things in: `begin` once it is one, `move` when the pointer or the page moved, `end` with whether it is kept.
 */
export function watchDrags(root, { pick, begin, move, end }) {
  let drag = null;

  function tick() {
    if (!drag?.isOn) return;
    const up = Math.max(0, EDGE - drag.y) / EDGE;
    const down = Math.max(0, drag.y - innerHeight + EDGE) / EDGE;
    if (up || down) scrollBy(0, FASTEST * Math.min(1, down) - FASTEST * Math.min(1, up));
    if (drag.isMoved || up || down) {
      drag.isMoved = false;
      move(drag);
    }
    drag.frame = requestAnimationFrame(tick);
  }

  const finish = (isKept) => {
    const done = drag;
    drag = null;
    if (!done?.isOn) return;
    cancelAnimationFrame(done.frame);
    end(done, isKept);
  };

  root.addEventListener("pointerdown", (event) => {
    if (drag || event.button !== 0) return;
    const subject = pick(event);
    if (!subject) return;
    if (event.pointerType === "mouse") event.preventDefault(); // no text is marked, no picture is dragged
    if (event.target.hasPointerCapture?.(event.pointerId)) event.target.releasePointerCapture(event.pointerId);
    drag = { subject, id: event.pointerId, fromX: event.clientX, fromY: event.clientY, x: event.clientX, y: event.clientY };
  });
  addEventListener("pointermove", (event) => {
    if (!drag || event.pointerId !== drag.id) return;
    drag.x = event.clientX;
    drag.y = event.clientY;
    drag.isMoved = true;
    if (drag.isOn || Math.hypot(drag.x - drag.fromX, drag.y - drag.fromY) <= SLACK) return;
    begin(drag);
    drag.isOn = true;
    drag.frame = requestAnimationFrame(tick);
  });
  addEventListener("pointerup", (event) => {
    if (!drag || event.pointerId !== drag.id) return;
    if (drag.isOn) {
      [drag.x, drag.y] = [event.clientX, event.clientY];
      move(drag);
    }
    finish(true);
  });
  addEventListener("pointercancel", (event) => drag?.id === event.pointerId && finish(false));
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !drag?.isOn) return;
    event.preventDefault();
    finish(false);
  });
}
