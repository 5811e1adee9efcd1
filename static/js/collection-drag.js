// Dragging of board items with a pointer: mouse anywhere on an item, finger or pen on its grip. The item itself moves through
// the board while a copy follows the pointer; only the places under the pointer are looked at, so 500 items stay smooth.
import { watchDrags } from "./pointer-drag.js";

/**
 * Let items of `board` ([data-item] in [data-list]) be dragged. `start(item)` says where it was before;
 * `drop(item, origin)` is called when it stands in another place.
 */
export function wireDragging(board, { start, drop }) {
  const ghostAt = (drag) => {
    drag.ghost.style.transform = `translate(${drag.x - drag.dx}px, ${drag.y - drag.dy}px) rotate(2deg)`;
  };

  const begin = (drag) => {
    const item = drag.subject;
    const box = item.getBoundingClientRect();
    drag.dx = drag.fromX - box.left;
    drag.dy = drag.fromY - box.top;
    drag.origin = start(item);
    drag.ghost = item.cloneNode(true);
    drag.ghost.removeAttribute("id");
    drag.ghost.removeAttribute("data-item");
    drag.ghost.setAttribute("aria-hidden", "true");
    drag.ghost.classList.add("board-ghost");
    drag.ghost.style.width = `${box.width}px`;
    document.body.append(drag.ghost);
    item.classList.add("is-dragged");
  };

  const target = (drag, list) => {
    if (drag.list === list) return;
    drag.list?.classList.remove("is-target");
    drag.list = list;
    list?.classList.add("is-target");
  };

  // The last item whose middle is before the pointer decides the place within a list.
  const place = (drag) => {
    const item = drag.subject;
    const under = document.elementFromPoint(drag.x, drag.y);
    const other = under?.closest("[data-item]");
    const list = under?.closest("[data-list]") ?? under?.closest(".board-group")?.querySelector("[data-list]");
    if (!list || !board.contains(list)) return;
    target(drag, list);
    if (other === item) return;
    if (!other) {
      if (item.parentElement !== list) list.append(item);
      return;
    }
    const box = other.getBoundingClientRect();
    const isAfter = drag.x > box.left + box.width / 2;
    const before = isAfter ? other.nextElementSibling : other;
    if (before !== item && item.nextElementSibling !== before) list.insertBefore(item, before);
    else if (item.parentElement !== list) list.insertBefore(item, before);
  };

  watchDrags(board, {
    pick: (event) => {
      const item = event.target.closest("[data-item]");
      if (!item || event.target.closest(".board-more")) return null;
      return event.pointerType === "mouse" || event.target.closest("[data-grip]") ? item : null;
    },
    begin,
    move: (drag) => {
      ghostAt(drag);
      place(drag);
    },
    end: (drag, isKept) => {
      const item = drag.subject;
      drag.ghost.remove();
      drag.list?.classList.remove("is-target");
      item.classList.remove("is-dragged");
      const { list, next } = drag.origin;
      const isElsewhere = item.parentElement !== list || item.nextElementSibling !== next;
      if (isKept && isElsewhere) drop(item, drag.origin);
      else if (isElsewhere) list.insertBefore(item, next);
    },
  });
}
