// The sheet as a model: the page is the only store. A place is {start, minutes, room, across}, in minutes of the day;
// its room is an id, or "" for none.

import { word } from "./bench-words.js";

export const STEP = 5;
const DAY = 24 * 60;

export const root = document.getElementById("bench");
export const sheet = () => root.querySelector(".sheet");
export const ground = () => document.getElementById("ground");
export const slots = () => document.getElementById("slots");
export const slotOf = (session) => slots().querySelector(`:scope > [data-session="${session}"]`);
export const trayOf = (session) => root.querySelector(`#tray [data-session="${session}"]`);
export const edits = () => root.hasAttribute("data-edits");
export const onPhone = () => matchMedia("(max-width: 48rem)").matches;
export const titleOf = (li) => li.querySelector(".slot-title").textContent.trim();

export function rooms() {
  return [...sheet().querySelectorAll(".room-head")].map((head) => ({
    id: head.dataset.room,
    column: Number(head.dataset.column),
    name: head.querySelector("b").textContent,
    head,
  }));
}

export function placeOf(li) {
  const { at, past = 0, for: steps, more = 0, room } = li.dataset;
  if (at === undefined) return null;
  return {
    start: Number(at) * STEP + Number(past),
    minutes: Number(steps) * STEP + Number(more),
    room,
    across: li.hasAttribute("data-across"),
  };
}

export function samePlace(a, b) {
  return Boolean(a && b && a.start === b.start && a.minutes === b.minutes && a.room === b.room);
}

// Only the attributes change; places.css turns them into a place.
export function put(li, place) {
  li.dataset.at = Math.floor(place.start / STEP);
  li.dataset.for = Math.floor(place.minutes / STEP);
  remainder(li, "past", place.start % STEP);
  remainder(li, "more", place.minutes % STEP);
  li.dataset.room = place.room;
  li.toggleAttribute("data-across", place.across);
  if (place.across) delete li.dataset.column;
  else li.dataset.column = columnOf(place.room);
}

function remainder(li, name, minutes) {
  if (minutes) li.dataset[name] = minutes;
  else delete li.dataset[name];
}

// What has no room stands in a column of its own behind the others, which is made when it is needed.
function columnOf(room) {
  const there = rooms().find(({ id }) => id === room);
  if (there) return there.column;
  const column = Number(sheet().dataset.columns) + 1;
  const head = document.createElement("div");
  head.className = "room-head";
  head.dataset.column = column;
  head.dataset.room = "";
  head.append(Object.assign(document.createElement("b"), { textContent: word("no-room") }));
  sheet().querySelector(".sheet-head").append(head);
  sheet().dataset.columns = column;
  return column;
}

// Sessions in one room at once share its width, each in the first lane that is free again; as sheet.py does it.
export function arrange() {
  const columns = Map.groupBy(
    [...slots().children].filter((li) => li.dataset.at !== undefined),
    (li) => li.dataset.column ?? "across",
  );
  for (const there of columns.values()) {
    let cluster = [];
    let ends = [];
    for (const [li, place] of there.map((li) => [li, placeOf(li)]).sort(byTime)) {
      if (ends.length && place.start >= Math.max(...ends)) {
        settle(cluster, ends.length);
        [cluster, ends] = [[], []];
      }
      const free = ends.findIndex((end) => end <= place.start);
      const lane = free < 0 ? ends.length : free;
      ends[lane] = place.start + place.minutes;
      cluster.push([li, lane + 1]);
    }
    settle(cluster, ends.length);
  }
}

function settle(cluster, lanes) {
  for (const [li, lane] of cluster) {
    if (li.dataset.lane !== String(lane)) li.dataset.lane = lane;
    if (li.dataset.lanes !== String(lanes)) li.dataset.lanes = lanes;
  }
}

function byTime([a, at], [b, bt]) {
  return at.start - bt.start || at.start + at.minutes - bt.start - bt.minutes || a.dataset.session - b.dataset.session;
}

// The list stays one by time and room, so that a reader of the source hears what the eye sees.
export function insert(li) {
  const key = orderOf(li);
  const behind = [...slots().children].find((other) => other !== li && compare(orderOf(other), key) > 0) ?? null;
  if (li.nextElementSibling === behind && li.parentElement === slots()) return;
  const focused = li.contains(document.activeElement) ? document.activeElement : null;
  slots().insertBefore(li, behind);
  focused?.focus({ preventScroll: true });
}

const orderOf = (li) => [Number(li.dataset.at), Number(li.dataset.column ?? 0), Number(li.dataset.session ?? 0)];
const compare = (a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2];

export const clock = (minutes) =>
  `${String(Math.floor(minutes / 60) % 24).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

export const minutesOf = (text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));

export const spanOf = (place) =>
  word("span", { start: clock(place.start), end: clock(place.start + place.minutes) });

export const roomName = (place) =>
  place.across ? word("all") : (rooms().find(({ id }) => id === place.room)?.name ?? word("no-room"));

// The same moment in each home, read off the scale's line before it.
export function homes(start) {
  const line = sheet().querySelector(`.scale > [data-at="${Math.floor(start / 30) * 6}"]`);
  const cities = [...sheet().querySelectorAll(".zone-head > span")];
  return [...(line?.querySelectorAll(".home") ?? [])].map((home, n) => ({
    city: cities[n].textContent,
    time: clock(minutesOf(home.textContent.trim()) + (start % 30)),
  }));
}

export function inWords(place) {
  const there = homes(place.start).map((home) => word("there", home));
  return [spanOf(place), roomName(place), ...there].join(", ");
}

export const stepHeight = () => sheet().querySelector(".scale > li").getBoundingClientRect().height / 6;

// What is under a point of the ground: the minute, unrounded, and the room.
export function underPoint(x, y) {
  const area = ground().getBoundingClientRect();
  const columns = Number(sheet().dataset.columns);
  const column = Math.min(columns, Math.max(1, Math.ceil(((x - area.left) / area.width) * columns)));
  const minute = Number(sheet().dataset.from) * 60 + ((y - area.top) / stepHeight()) * STEP;
  return { minute, room: rooms().find((room) => room.column === column)?.id ?? "" };
}

// As close to what is wished as the day allows; the sheet grows where it reaches over its edge.
export function clamped(place) {
  const minutes = Math.max(STEP, Math.min(place.minutes, DAY));
  const start = Math.max(0, Math.min(place.start, DAY - minutes));
  return { ...place, start, minutes };
}

export function reach(place) {
  const { from, to } = sheet().dataset;
  const first = Math.min(Number(from), Math.floor(place.start / 60));
  const last = Math.max(Number(to), Math.ceil((place.start + place.minutes) / 60));
  for (let hour = Number(from) - 1; hour >= first; hour -= 1) addLines(hour, -1);
  for (let hour = Number(to); hour < last; hour += 1) addLines(hour, 1);
  sheet().dataset.from = first;
  sheet().dataset.to = last;
}

function addLines(hour, way) {
  const scale = sheet().querySelector(".scale");
  for (const half of way > 0 ? [0, 30] : [30, 0]) {
    const beside = way > 0 ? scale.lastElementChild : scale.firstElementChild;
    const line = beside.cloneNode(true);
    line.dataset.at = (hour * 60 + half) / STEP;
    line.classList.toggle("is-half", half === 30);
    for (const small of line.querySelectorAll("small")) small.remove();
    for (const time of line.querySelectorAll(".scale-times > span")) {
      time.textContent = clock((minutesOf(time.textContent.trim()) + way * 30 + DAY) % DAY);
    }
    scale[way > 0 ? "append" : "prepend"](line);
  }
}

export function mark(place, text, kind = "") {
  const list = ground().querySelector(".marks") ?? document.createElement("ol");
  if (!list.isConnected) {
    list.className = "marks";
    list.setAttribute("aria-hidden", "true");
    ground().prepend(list);
  }
  const li = document.createElement("li");
  const ghost = Object.assign(document.createElement("span"), { className: "ghost", textContent: text });
  ghost.style.display = "block";
  if (kind) ghost.dataset.kind = kind;
  li.append(ghost);
  put(li, place);
  list.append(li);
  return li;
}
