// Dragging of board items with a pointer: mouse anywhere on an item, finger or pen on its grip. The item itself moves through
// the board while a copy follows the pointer; only the places under the pointer are looked at, so 500 items stay smooth.

const SLACK = 5; // pixels before a press becomes a drag
const EDGE = 70; // pixels from the window's edge where the page scrolls by itself
const FASTEST = 18; // pixels a frame

/**
 * Let items of `board` ([data-item] in [data-list]) be dragged. `start(item)` says where it was before;
 * `drop(item, origin)` is called when it stands in another place.
 */
export function wireDragging(board, { start, drop }) {
  let drag = null;

  const ghostAt = () => {
    drag.ghost.style.transform = `translate(${drag.x - drag.dx}px, ${drag.y - drag.dy}px) rotate(2deg)`;
  };

  const begin = () => {
    const box = drag.item.getBoundingClientRect();
    drag.dx = drag.fromX - box.left;
    drag.dy = drag.fromY - box.top;
    drag.origin = start(drag.item);
    drag.ghost = drag.item.cloneNode(true);
    drag.ghost.removeAttribute("id");
    drag.ghost.removeAttribute("data-item");
    drag.ghost.setAttribute("aria-hidden", "true");
    drag.ghost.classList.add("board-ghost");
    drag.ghost.style.width = `${box.width}px`;
    document.body.append(drag.ghost);
    drag.item.classList.add("is-dragged");
    drag.isOn = true;
    drag.frame = requestAnimationFrame(tick);
  };

  const target = (list) => {
    if (drag.list === list) return;
    drag.list?.classList.remove("is-target");
    drag.list = list;
    list?.classList.add("is-target");
  };

  // The last item whose middle is before the pointer decides the place within a list.
  const place = () => {
    const under = document.elementFromPoint(drag.x, drag.y);
    const other = under?.closest("[data-item]");
    const list = under?.closest("[data-list]") ?? under?.closest(".board-group")?.querySelector("[data-list]");
    if (!list || !board.contains(list)) return;
    target(list);
    if (other === drag.item) return;
    if (!other) {
      if (drag.item.parentElement !== list) list.append(drag.item);
      return;
    }
    const box = other.getBoundingClientRect();
    const isAfter = drag.x > box.left + box.width / 2;
    const before = isAfter ? other.nextElementSibling : other;
    if (before !== drag.item && drag.item.nextElementSibling !== before) list.insertBefore(drag.item, before);
    else if (drag.item.parentElement !== list) list.insertBefore(drag.item, before);
  };

  function tick() {
    if (!drag?.isOn) return;
    const up = Math.max(0, EDGE - drag.y) / EDGE;
    const down = Math.max(0, drag.y - innerHeight + EDGE) / EDGE;
    if (up || down) scrollBy(0, FASTEST * Math.min(1, down) - FASTEST * Math.min(1, up));
    if (drag.isMoved || up || down) {
      drag.isMoved = false;
      ghostAt();
      place();
    }
    drag.frame = requestAnimationFrame(tick);
  }

  const end = (isKept) => {
    const done = drag;
    drag = null;
    if (!done?.isOn) return;
    cancelAnimationFrame(done.frame);
    done.ghost.remove();
    done.list?.classList.remove("is-target");
    done.item.classList.remove("is-dragged");
    const { list, next } = done.origin;
    const isElsewhere = done.item.parentElement !== list || done.item.nextElementSibling !== next;
    if (isKept && isElsewhere) drop(done.item, done.origin);
    else if (isElsewhere) list.insertBefore(done.item, next);
  };

  board.addEventListener("pointerdown", (event) => {
    const item = event.target.closest("[data-item]");
    if (!item || drag || event.button !== 0 || event.target.closest(".board-more")) return;
    if (event.pointerType !== "mouse" && !event.target.closest("[data-grip]")) return;
    if (event.pointerType === "mouse") event.preventDefault(); // no text is marked, no picture is dragged
    if (event.target.hasPointerCapture?.(event.pointerId)) event.target.releasePointerCapture(event.pointerId);
    drag = { item, id: event.pointerId, fromX: event.clientX, fromY: event.clientY, x: event.clientX, y: event.clientY };
  });
  addEventListener("pointermove", (event) => {
    if (!drag || event.pointerId !== drag.id) return;
    drag.x = event.clientX;
    drag.y = event.clientY;
    drag.isMoved = true;
    if (!drag.isOn && Math.hypot(drag.x - drag.fromX, drag.y - drag.fromY) > SLACK) begin();
  });
  addEventListener("pointerup", (event) => {
    if (!drag || event.pointerId !== drag.id) return;
    if (drag.isOn) {
      [drag.x, drag.y] = [event.clientX, event.clientY];
      place();
    }
    end(true);
  });
  addEventListener("pointercancel", (event) => drag?.id === event.pointerId && end(false));
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !drag?.isOn) return;
    event.preventDefault();
    end(false);
  });
}
