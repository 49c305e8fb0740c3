// What comes back is put on the page: sessions at their new places, marks, counts, the unplaced, the foot; without moving
// what is held or has the focus.

import { inHand } from "./bench-hold.js";
import { isWaiting } from "./bench-sender.js";
import { arrange, insert, placeOf, put, reach, root, slotOf, slots, trayOf } from "./bench-sheet.js";

const MINUTE = 60 * 1000;

// Sessions of which a question at the foot has said already who moved them.
export const told = new Set();

const made = (html) => {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content;
};

// Gives what others did: {session, title, who, before, after, day}.
export function apply(reply) {
  if (reply.number < Number(root.dataset.number)) return [];
  const focused = focusedSession();
  const theirs = reply.slots.map(settle).filter(Boolean);
  drop(reply.there);
  root.dataset.number = reply.number;
  document.getElementById("tray").replaceChildren(made(reply.tray));
  remark(reply.marks, reply.words, reply.severities);
  recount(reply.counts);
  redate(reply.days, reply.label);
  refoot(reply.undo);
  arrange();
  refocus(focused);
  return theirs;
}

const focusedSession = () => {
  const at = document.activeElement?.closest?.("#slots [data-session], #tray [data-session]");
  return at && { session: at.dataset.session, tray: Boolean(at.closest("#tray")) };
};

function refocus(focused) {
  if (!focused || document.activeElement?.isConnected && document.activeElement !== document.body) return;
  const li = slotOf(focused.session) ?? trayOf(focused.session);
  const link = li?.querySelector("a") ?? slots().querySelector("a") ?? document.querySelector("#tray a");
  link?.focus({ preventScroll: true });
}

// One session: where it stands now, unless a hand is on it or a later wish for it still waits.
function settle(slot) {
  const old = slotOf(slot.id);
  const held = inHand()?.session === String(slot.id);
  const before = old && !held ? { place: placeOf(old), day: root.dataset.day } : null;
  if (held) {
    inHand().saw = slot.saw;
    return null;
  }
  const isHere = slot.html && slot.day === root.dataset.day;
  const fresh = isHere ? made(slot.html).firstElementChild : null;
  if (fresh && isWaiting(slot.id) && old) {
    old.dataset.saw = slot.saw;
    return null;
  }
  if (fresh) {
    fresh.querySelector("a").tabIndex = old?.querySelector("a").tabIndex ?? -1;
    if (String(root.dataset.chosen) === String(slot.id)) fresh.querySelector("a").setAttribute("aria-current", "true");
    old?.remove();
    slots().append(fresh);
    reach(placeOf(fresh));
    put(fresh, placeOf(fresh));
    insert(fresh);
  } else old?.remove();
  if (!slot.by || told.delete(String(slot.id))) return null;
  if (fresh) setTimeout(() => forget(fresh), MINUTE);
  const after = fresh ? { place: placeOf(fresh), day: slot.day } : { place: null, day: slot.day };
  return { session: slot.id, title: slot.title, who: slot.by, before, after, where: slot.where, saw: slot.saw };
}

function forget(li) {
  li.removeAttribute("data-theirs");
  li.querySelector(".slot-by")?.remove();
}

function drop(there) {
  const ids = new Set(there.map(String));
  for (const li of [...slots().children]) {
    if (!ids.has(li.dataset.session) && inHand()?.li !== li && !isWaiting(li.dataset.session)) li.remove();
  }
}

function remark(marks, words, severities) {
  for (const li of slots().children) {
    const worst = marks[li.dataset.session];
    const corner = li.querySelector(".slot-marks");
    if (!corner || inHand()?.li === li) continue;
    if (worst) li.dataset.worst = worst;
    else delete li.dataset.worst;
    corner.querySelector(".mark")?.remove();
    if (!worst) continue;
    const sign = Object.assign(document.createElement("span"), { className: "mark" });
    sign.dataset.state = worst;
    const text = `${severities[worst]}: ${words[li.dataset.session]}`;
    sign.append(Object.assign(document.createElement("span"), { className: "hidden", textContent: text }));
    corner.append(sign);
  }
}

function recount(counts) {
  for (const link of document.querySelectorAll("#counts [data-severity]")) {
    const state = link.querySelector(".state");
    state.textContent = state.textContent.replace(/\d+$/, counts[link.dataset.severity]);
    link.hidden = !counts[link.dataset.severity];
  }
}

function redate(days, label) {
  for (const tab of document.querySelectorAll("#day-tabs [data-day]")) {
    tab.querySelector(".day-count").textContent = days[tab.dataset.day] ?? 0;
  }
  document.getElementById("timetable").setAttribute("aria-label", label);
}

export function refoot(html) {
  const fresh = made(html).querySelector(".own-steps");
  const old = document.querySelector("#bench-foot .own-steps");
  const hadFocus = old.contains(document.activeElement);
  old.replaceWith(fresh);
  if (hadFocus) fresh.querySelector("button")?.focus();
}

// Back to where it was, gliding: after a refusal.
export function glideBack(session, before) {
  const li = slotOf(session);
  slots().classList.add("is-gliding");
  if (li && before.place && before.day === root.dataset.day) {
    li.hidden = false;
    put(li, before.place);
    insert(li);
  } else li?.remove();
  arrange();
  setTimeout(() => slots().classList.remove("is-gliding"), 200);
}

