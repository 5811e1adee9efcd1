// A thing looks unsaved until everything that was asked for it is answered: it may be moved again while a move is on its way.
const asked = new WeakMap();

/** Mark `element` as being saved until `answer`, and all earlier answers for it, have come. The same answer. */
export function markSaving(element, answer) {
  const count = (by) => {
    const left = (asked.get(element) ?? 0) + by;
    asked.set(element, left);
    element.classList.toggle("is-saving", left > 0);
  };
  count(1);
  return answer.finally(() => count(-1));
}
