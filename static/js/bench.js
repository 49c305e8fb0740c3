// The workbench: wires its parts together.

import { apply } from "./bench-answer.js";
import { onDay, watchDays } from "./bench-days.js";
import { inHand } from "./bench-hold.js";
import { lettersAct, oneStop, watchKeys } from "./bench-keys.js";
import { onOthers, show, watchForms, watchOthers } from "./bench-others.js";
import { forgetDrawn, watchPointer } from "./bench-pointer.js";
import { failed, offline, online, refused } from "./bench-questions.js";
import { on } from "./bench-sender.js";
import { root, slotOf, slots, trayOf } from "./bench-sheet.js";
import { choose, chosen, onClose, refresh, watchSide } from "./bench-side.js";
import { watchView } from "./bench-view.js";
import { say } from "./bench-words.js";

const ADDS = new Set(["create", "duplicate"]);
let listing = 0;

function answered(job, reply) {
  document.getElementById("questions").replaceChildren();
  forgetGhosts(job);
  const known = new Set([...document.querySelectorAll("#slots > li, #tray li")].map((li) => li.dataset.session));
  show(apply(reply));
  slotOf(job.session)?.querySelector(".slot")?.removeAttribute("aria-busy");
  say(reply.said);
  const added = ADDS.has(job.deed) && reply.slots.find(({ id, by }) => !by && !known.has(String(id)));
  if (added) {
    choose(String(added.id));
    (slotOf(added.id) ?? trayOf(added.id))?.querySelector("a").focus();
  } else refresh();
  settle();
}

function forgetGhosts(job) {
  if (job.deed === "create") forgetDrawn();
}

// What only follows from the change: one stop of the tab order, the drop place, the list of findings.
function settle() {
  oneStop();
  oneStop(document.getElementById("tray"));
  const drop = document.querySelector(".tray-drop");
  if (drop) drop.hidden = false;
  clearTimeout(listing);
  listing = setTimeout(list, 400);
}

async function list() {
  const address = new URL(location.href);
  address.searchParams.set("day", root.dataset.day);
  address.searchParams.set("part", "findings");
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok || answer.redirected || inHand()) return;
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  const old = document.getElementById("findings");
  if (!old.contains(document.activeElement)) old.replaceWith(holder.content.querySelector("#findings"));
}

function busy(job) {
  slotOf(job.session)?.querySelector(".slot")?.setAttribute("aria-busy", "true");
}

on("sending", busy);
on("answer", answered);
on("refused", refused);
on("failed", failed);
on("offline", offline);
on("online", online);
onOthers(() => {
  refresh();
  settle();
});
onDay(() => {
  settle();
  if (chosen()) slotOf(chosen())?.querySelector("a").setAttribute("aria-current", "true");
});
onClose(forgetDrawn);

if (root) {
  watchSide();
  watchDays();
  watchView();
  watchKeys();
  watchPointer();
  watchOthers();
  watchForms();
  oneStop(slots());
  oneStop(document.getElementById("tray"));
  const drop = document.querySelector(".tray-drop");
  if (drop) drop.hidden = false;
  const letters = document.getElementById("letters");
  letters.checked = lettersAct();
  letters.addEventListener("change", () => localStorage.setItem("bench-letters", letters.checked ? "on" : "off"));
}

