// The keyboard. The grid is one stop of the tab order: arrows walk, Space picks up, and what is held follows the arrows.

import { choose, openNew } from "./bench-side.js";
import { neighbourDay, showDay } from "./bench-days.js";
import { inHand, leave, moveTo, pickUp, putDown } from "./bench-hold.js";
import { send } from "./bench-sender.js";
import { STEP, edits, onPhone, placeOf, rooms, root, slotOf, slots } from "./bench-sheet.js";
import { say, word } from "./bench-words.js";

const linkIn = (li) => li?.querySelector("a");
const listed = (list) => [...list.querySelectorAll("li[data-session]:not([hidden])")];
const tray = () => document.getElementById("tray");

export function lettersAct() {
  return localStorage.getItem("bench-letters") !== "off";
}

export function watchKeys() {
  root.addEventListener("keydown", pressed);
  root.addEventListener("focusin", ({ target }) => {
    const li = target.closest("#slots > li, #tray li[data-session]");
    if (li) oneStop(li.closest("#slots, #tray"), li);
  });
  root.addEventListener("focusout", ({ relatedTarget }) => {
    if (inHand() && relatedTarget && !relatedTarget.closest(".is-held") && !document.documentElement.matches(".is-dragging, .is-sizing")) leave();
  });
}

// Of all sessions one is in the tab order: where one was last, else the first.
export function oneStop(list = slots(), now = null) {
  const all = listed(list);
  const stop = now ?? all.find((li) => linkIn(li).matches('[aria-current="true"]')) ?? all[0];
  for (const li of all) linkIn(li).tabIndex = li === stop ? 0 : -1;
}

function pressed(event) {
  const li = event.target.closest?.("#slots > li, #tray li[data-session]");
  if (!li || !event.target.matches("a") || event.metaKey || event.altKey) return;
  if (inHand()) holding(event);
  else walking(event, li);
}

const done = (event) => {
  event.preventDefault();
  event.stopPropagation();
};

const HELD = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

function holding(event) {
  const { key } = event;
  if (key === "Tab") {
    leave();
    return;
  }
  if (key in HELD) shove(HELD[key], event);
  else if (key === "PageUp" || key === "PageDown") toDay(key === "PageDown" ? 1 : -1);
  else if (key === "Enter" || key === " ") putDown();
  else if (key === "Escape") leave();
  else return;
  done(event);
}

function shove([side, way], event) {
  const held = inHand();
  const now = held.now ?? firstPlace(held);
  const by = way * (event.ctrlKey ? 30 : STEP);
  if (side) moveTo({ ...now, room: beside(now.room, side) }, { say: true });
  else if (event.shiftKey) moveTo({ ...now, minutes: Math.max(STEP, now.minutes + by) }, { say: true });
  else moveTo({ ...now, start: held.now ? now.start + by : now.start }, { say: true });
  held.li.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
  held.link.focus({ preventScroll: true });
}

// From the list of the unplaced: the first room, the first hour that the sheet shows.
function firstPlace(held) {
  const hour = Math.max(Number(root.querySelector(".sheet").dataset.from), 9);
  return { start: hour * 60, minutes: held.minutes, room: rooms()[0]?.id ?? "", across: held.across };
}

function beside(room, side) {
  const all = rooms().filter(({ id }) => id !== "");
  const at = all.findIndex(({ id }) => id === room);
  return all[Math.max(0, Math.min(all.length - 1, at + side))]?.id ?? "";
}

async function toDay(way) {
  const day = neighbourDay(way);
  if (!day) return;
  const held = inHand();
  if (!held.now) held.now = firstPlace(held);
  await showDay(day);
}

const WALKS = {
  ArrowUp: (li) => inRoom(li, -1),
  ArrowDown: (li) => inRoom(li, 1),
  ArrowLeft: (li) => inOtherRoom(li, -1),
  ArrowRight: (li) => inOtherRoom(li, 1),
  Home: (li) => listed(li.parentElement)[0],
  End: (li) => listed(li.parentElement).at(-1),
};

function walking(event, li) {
  if (event.key in WALKS) {
    done(event);
    go(WALKS[event.key](li));
    return;
  }
  if ((event.key === "PageUp" || event.key === "PageDown") && neighbourDay(event.key === "PageDown" ? 1 : -1)) {
    done(event);
    walkToDay(event.key === "PageDown" ? 1 : -1);
    return;
  }
  if (event.key === "Enter" && !event.ctrlKey) {
    done(event);
    choose(li.dataset.session, { focus: true });
  } else if (event.key === " " && edits() && !onPhone()) {
    done(event);
    choose(li.dataset.session, { quiet: true });
    const held = pickUp(li);
    if (!held.now) shove([0, 0], event);
    held.link.focus({ preventScroll: true });
  } else act(event, li);
}

async function walkToDay(way) {
  await showDay(neighbourDay(way), { push: true });
  go(listed(slots())[0]);
}

function go(li) {
  if (!li) return;
  linkIn(li).focus({ preventScroll: true });
  li.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
}

function inRoom(li, way) {
  const all = listed(li.parentElement);
  const same = all.filter((other) => other.dataset.column === li.dataset.column || other.hasAttribute("data-across"));
  const line = li.dataset.at === undefined || li.hasAttribute("data-across") ? all : same;
  return line[line.indexOf(li) + way];
}

// The nearest in time in the next room that has anything.
function inOtherRoom(li, side) {
  const here = placeOf(li);
  if (!here) return side < 0 ? null : listed(slots())[0];
  const column = Number(li.dataset.column ?? 0);
  const there = listed(slots()).filter((other) => side * (Number(other.dataset.column ?? column) - column) > 0);
  const next = Math.min(...there.map((other) => Math.abs(other.dataset.column - column)));
  const apart = (other) => Math.abs(placeOf(other).start - here.start);
  const found = there.filter((other) => Math.abs(other.dataset.column - column) === next).sort((a, b) => apart(a) - apart(b))[0];
  return found ?? (side < 0 ? listed(tray())[0] : null);
}

function act(event, li) {
  const { key, shiftKey, ctrlKey } = event;
  if (ctrlKey && key.toLowerCase() !== "z") return;
  const session = li.dataset.session;
  if (key === "?") document.getElementById("keys").showModal();
  else if (!lettersAct() && key.length === 1) {
    if (/^[fnupz]$/i.test(key)) say(word("letters-off"));
    return;
  } else if (/^f$/i.test(key)) nextFinding(li);
  else if (/^u$/i.test(key)) go(listed(tray())[0]);
  else if (!edits()) return;
  else if (/^z$/i.test(key)) send({ turn: shiftKey ? "redo" : "undo", fields: {} });
  else if (/^n$/i.test(key)) openNew(afterwards(li));
  else if (/^p$/i.test(key)) send({ deed: "pin", session, fields: { session, pinned: li.hasAttribute("data-pinned") ? 0 : 1 } });
  else if ((key === "Backspace" || key === "Delete") && placeOf(li)) {
    const before = { place: placeOf(li), day: root.dataset.day };
    send({ deed: "unplace", session, before, fields: () => ({ session, saw: slotOf(session)?.dataset.saw ?? "" }) });
  } else return;
  done(event);
}

function nextFinding(li) {
  const all = listed(slots());
  const at = all.indexOf(li);
  const next = [...all.slice(at + 1), ...all.slice(0, at + 1)].find((other) => other.dataset.worst);
  if (next) go(next);
  else say(word("no-finding"));
}

// Behind the session one is at, in its room.
function afterwards(li) {
  const place = placeOf(li);
  return place && { start: place.start + place.minutes, minutes: 30, room: place.room };
}
