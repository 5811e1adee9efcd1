// The order of a collection's groups and tier rows: dragged by their heads, or moved by their two arrows. While one is dragged
// all of them are drawn low, so that the whole board is in reach of the pointer.
import { watchDrags } from "./pointer-drag.js";
import { markSaving } from "./saving.js";

const SELECTS = "#item-group, #find-to";

/**
 * Let the groups of `board` be ordered. `save(url, fields)` sends a change, `failed(error)` tells of a refusal,
 * `say(text)` tells what moved to those who do not see it.
 */
export function wireGroups(board, { save, failed, say }) {
  const groups = () => [...board.querySelectorAll("[data-group]")];
  const listOf = (group) => group.querySelector("[data-list]");
  const button = (group, act) => group.querySelector(`.board-order [value=${act}]`);

  // A tier has the colour of its rank, not its own.
  const hues = groups().flatMap((group) => group.style.getPropertyValue("--tier") || []);

  /** What else on the page follows the order: which arrows lead somewhere, the menus that name the groups. */
  const follow = () => {
    const rows = groups();
    for (const [rank, tier] of rows.filter((row) => row.matches(".board-tier")).entries())
      tier.style.setProperty("--tier", hues[rank]);
    for (const [place, row] of rows.entries()) {
      button(row, "earlier").disabled = place === 0;
      button(row, "later").disabled = place === rows.length - 1;
    }
    for (const select of document.querySelectorAll(SELECTS)) {
      const none = select.querySelector('option[value=""]');
      const isNoneFirst = select.firstElementChild === none;
      const named = rows.map((row) => select.querySelector(`option[value="${listOf(row).dataset.list}"]`));
      const chosen = select.value;
      select.replaceChildren(...(isNoneFirst ? [none, ...named] : [...named, none]));
      select.value = chosen;
    }
  };

  const put = (group, next) => {
    (next ?? document.getElementById("g-none")).before(group);
    follow();
  };

  /** `group` stands where it was put; save that, or put it back before `next`. */
  const saveMove = (group, next) => {
    follow();
    const index = groups().indexOf(group);
    say(
      board.dataset.groupMoved
        .replace("{group}", group.dataset.name)
        .replace("{place}", index + 1)
        .replace("{count}", groups().length),
    );
    const answer = save(group.querySelector(".board-order").action, { act: "move", index }).catch((error) => {
      put(group, next);
      failed(error);
    });
    return markSaving(group, answer);
  };

  const nextOf = (group) => groups()[groups().indexOf(group) + 1] ?? null;

  board.addEventListener("submit", (event) => {
    const act = event.submitter?.value;
    const group = event.target.closest("[data-group]");
    if (!event.target.matches(".board-order") || !group) return;
    event.preventDefault();
    const rows = groups();
    const next = nextOf(group);
    const other = rows[rows.indexOf(group) + (act === "earlier" ? -1 : 1)];
    if (!other) return;
    if (act === "earlier") other.before(group);
    else other.after(group);
    saveMove(group, next);
    // A button that was moved has lost the focus; one that leads nowhere any more cannot have it.
    const again = button(group, act);
    (again.disabled ? button(group, act === "earlier" ? "later" : "earlier") : again).focus({ preventScroll: true });
    group.scrollIntoView({ block: "nearest" });
  });

  /** Draw all groups low or high; what the pointer holds stays under it. */
  const low = (drag, isLow) => {
    const away = () => drag.subject.getBoundingClientRect().top - drag.y + drag.dy;
    board.style.removeProperty("--low");
    board.classList.toggle("is-sorting", isLow);
    scrollBy({ top: away(), behavior: "instant" });
    // At the top of the page there is nothing left to scroll: the rows come down to the pointer instead.
    if (isLow) board.style.setProperty("--low", `${Math.max(0, -away())}px`);
  };

  const place = (drag) => {
    const others = groups().filter((group) => group !== drag.subject);
    const next = others.find((group) => {
      const box = group.getBoundingClientRect();
      return drag.y < box.top + box.height / 2;
    });
    const before = next ?? document.getElementById("g-none");
    if (drag.subject.nextElementSibling !== before) before.before(drag.subject);
  };

  watchDrags(board, {
    pick: (event) => {
      const head = event.target.closest("[data-group-head]");
      if (!head || event.target.closest("button, summary, form, details")) return null;
      if (groups().length < 2) return null;
      return event.pointerType === "mouse" || event.target.closest("[data-group-grip]") ? head.closest("[data-group]") : null;
    },
    begin: (drag) => {
      const group = drag.subject;
      drag.next = nextOf(group);
      for (const menu of board.querySelectorAll("details.menu[open]")) menu.open = false;
      const head = group.querySelector("h3");
      const box = head.getBoundingClientRect();
      drag.dx = drag.fromX - box.left;
      drag.dy = Math.min(drag.fromY - box.top, 24);
      drag.ghost = document.createElement("p");
      drag.ghost.className = "board-ghost group-ghost";
      drag.ghost.setAttribute("aria-hidden", "true");
      drag.ghost.textContent = group.dataset.name;
      document.body.append(drag.ghost);
      group.classList.add("is-dragged");
      low(drag, true);
    },
    move: (drag) => {
      drag.ghost.style.transform = `translate(${drag.x + 12}px, ${drag.y - 18}px)`;
      place(drag);
    },
    end: (drag, isKept) => {
      const group = drag.subject;
      drag.ghost.remove();
      group.classList.remove("is-dragged");
      const isElsewhere = nextOf(group) !== drag.next;
      if (!isKept && isElsewhere) put(group, drag.next);
      low(drag, false);
      if (isKept && isElsewhere) saveMove(group, drag.next);
    },
  });
}
