// The session in the hand: picked up by pointer, finger or key, moved about, put down or left. Nothing is sent before it
// is put down; then it is one gesture.

import { send } from "./bench-sender.js";
import {
  arrange, clamped, clock, homes, insert, inWords, mark, placeOf, put, reach, roomName, root, samePlace, sheet, slotOf, slots,
  spanOf, titleOf, trayOf,
} from "./bench-sheet.js";
import { part, say, word } from "./bench-words.js";

const REST = 300;
let held = null;
let asking = null;
let resting = 0;

export const inHand = () => held;

export function pickUp(li, { sizing = false, quiet = false } = {}) {
  const session = li.dataset.session;
  const fromTray = li.dataset.at === undefined;
  const was = placeOf(li);
  held = { session, title: titleOf(li), saw: li.dataset.saw, was, day: root.dataset.day, now: was, sizing };
  held.li = fromTray ? fromTheTray(li) : li;
  held.across = li.hasAttribute("data-across");
  held.minutes = was?.minutes ?? Number(li.dataset.for) * 5;
  held.link = held.li.querySelector(".slot");
  if (was) held.ghost = mark(was, held.title);
  held.li.classList.add("is-held");
  held.link.classList.add("is-held");
  held.link.setAttribute("role", "application");
  showKeys(true);
  if (!quiet) say(word(sizing ? "sizing" : "picked", { title: held.title }));
  return held;
}

// A session from the list becomes a slot while it is held; the answer brings the real one.
function fromTheTray(item) {
  const li = document.createElement("li");
  li.dataset.session = item.dataset.session;
  li.dataset.saw = item.dataset.saw;
  li.dataset.room = "";
  li.hidden = true;
  for (const name of ["kind"]) if (item.dataset[name]) li.dataset[name] = item.dataset[name];
  const link = item.querySelector("a").cloneNode(true);
  link.className = "slot";
  const body = Object.assign(document.createElement("span"), { className: "slot-body" });
  body.append(...link.childNodes);
  body.querySelector(".label")?.remove();
  link.append(body);
  li.append(link);
  slots().append(li);
  return li;
}

// Where it would stand now. Seen at once; said, and looked at by the rules, after a rest.
export function moveTo(wish, { say: aloud = false } = {}) {
  const place = clamped({ ...wish, across: held.across, room: held.across ? "" : wish.room });
  if (samePlace(place, held.now) && !held.aside) return;
  held.now = place;
  held.aside = null;
  reach(place);
  held.li.hidden = false;
  put(held.li, place);
  if (held.li.parentElement !== slots()) slots().append(held.li);
  showWhere();
  clearTimeout(resting);
  resting = setTimeout(() => look(aloud), REST);
}

// Over the list of the unplaced or over another day's tab: it would leave the sheet.
export function moveAside(aside) {
  held.aside = aside;
  showWhere();
}

// The slot itself says its new times, a label above it the room and the time at home.
function showWhere() {
  showTimes(held.li, held.now);
  const { columns } = sheet().dataset;
  held.li.toggleAttribute("data-far", Number(held.li.dataset.column) > columns / 2);
  const label = held.li.querySelector(".slot-where") ?? document.createElement("span");
  label.className = "slot-where";
  label.setAttribute("aria-hidden", "true");
  label.textContent = held.aside?.words ?? [
    roomName(held.now), `${clock(held.now.start)}–${clock(held.now.start + held.now.minutes)}`,
    ...homes(held.now.start).map((home) => word("there", home)),
  ].join(" · ");
  if (!label.isConnected) held.link.append(label);
}

function showTimes(li, place) {
  const [start, end] = [li.querySelector(".slot-start"), li.querySelector(".slot-end")];
  if (!place || !start) return;
  start.textContent = clock(place.start);
  end.textContent = `–${clock(place.start + place.minutes)}`;
}

async function look(aloud) {
  const { session, now } = held;
  asking?.abort();
  asking = new AbortController();
  const query = new URLSearchParams({ session, on: root.dataset.day, start: clock(now.start), minutes: now.minutes, room: now.room });
  let found = { said: "", worst: null };
  try {
    const answer = await fetch(`${root.dataset.check}?${query}`, { signal: asking.signal, headers: { Accept: "application/json" } });
    if (answer.ok) found = await answer.json();
  } catch (error) {
    if (error.name === "AbortError") return;
  }
  if (held?.session !== session || !samePlace(held.now, now)) return;
  if (found.worst) held.li.dataset.worst = found.worst;
  else delete held.li.dataset.worst;
  const label = held.li.querySelector(".slot-where");
  if (label && found.said && !held.aside) label.textContent += ` — ${found.said}`;
  if (aloud) say([inWords(now), found.said].filter(Boolean).join(". "));
}

// One gesture. What did not move is simply let go.
export function putDown() {
  const { li, session, was, day, saw, aside, title } = held;
  const now = aside?.place ?? held.now;
  const on = aside?.day ?? root.dataset.day;
  const before = { place: was, day, saw, title };
  if (aside?.unplace) {
    if (!was) return leave();
    letGo();
    li.hidden = true;
    return send({ deed: "unplace", session, fields: () => ({ session, saw: sawOf(session, saw) }), before });
  }
  if (!now || (samePlace(now, was) && on === day)) return leave();
  letGo();
  arrange();
  insert(li);
  if (on !== root.dataset.day) li.hidden = true;
  const fields = () => ({
    session, on, start: clock(now.start), minutes: now.minutes, room: now.room, saw: sawOf(session, saw),
  });
  return send({ deed: "place", session, fields, before, wish: { place: now, day: on } });
}

// A wish that waited for another of the same session starts from where that one has put it.
const sawOf = (session, saw) => (slotOf(session) ?? trayOf(session))?.dataset.saw ?? saw;

export function leave({ quiet = false } = {}) {
  const { li, was, day, session } = held;
  const hadFocus = li.contains(document.activeElement);
  letGo();
  if (was && day === root.dataset.day) {
    put(li, was);
    showTimes(li, was);
  } else li.remove();
  arrange();
  if (hadFocus) (li.isConnected ? li : trayOf(session))?.querySelector("a").focus({ preventScroll: true });
  if (!quiet) say(word("left"));
}

function letGo() {
  clearTimeout(resting);
  asking?.abort();
  held.ghost?.remove();
  held.li.classList.remove("is-held");
  held.link.classList.remove("is-held");
  held.link.removeAttribute("role");
  held.li.querySelector(".slot-where")?.remove();
  held.li.removeAttribute("data-far");
  held = null;
  showKeys(false);
}

function showKeys(shown) {
  const foot = document.getElementById("bench-foot");
  foot.querySelector(".keys")?.remove();
  if (shown) foot.append(part("keys-part"));
}

// The day under it has changed: it comes along, at the same time.
export function carry(day) {
  held.aside = null;
  if (held.was && held.day === day) {
    slotOf(held.session)?.remove();
    held.ghost = mark(held.was, held.title);
  }
  slots().append(held.li);
  reach(held.now);
  put(held.li, held.now);
  showWhere();
  showKeys(true);
  held.link.tabIndex = 0;
  held.link.focus({ preventScroll: false });
  clearTimeout(resting);
  resting = setTimeout(() => look(true), REST);
}

