// An episode counts on the list now: a toast says so and takes it back. The words come with the page (counted_toast.html).

import { toast } from "../toasts.js";

// `saved` is the answer to a heartbeat; `say` shows words inside of the player, where a toast cannot be seen.
export function countedTell(saved, csrf, say) {
  const words = document.querySelector("#episode-counted")?.dataset;
  if (!words || !saved.counted || !saved.activity_id) return;
  const text = words.text.replace("{n}", saved.episode_num);
  if (document.fullscreenElement) say(text);
  toast(text, "success", { label: words.undo, act: () => undo(words, saved.activity_id, csrf) });
}

async function undo(words, activityId, csrf) {
  try {
    const address = words.address.replace(words.placeholder, activityId);
    const answer = await fetch(address, { method: "POST", headers: { "X-CSRFToken": csrf } });
    if (answer.ok) toast(words.undone);
    else toast(words.failed, "error");
  } catch {
    toast(words.failed, "error");
  }
}
