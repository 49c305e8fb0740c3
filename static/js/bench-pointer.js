// Pointer and finger: drag to move, pull an edge for the length, draw on empty ground, drop on the unplaced or on a day.
// A mouse begins after four pixels; a finger after it has rested, and until then it scrolls.

import { showDay } from "./bench-days.js";
import { inHand, leave, moveAside, moveTo, pickUp, putDown } from "./bench-hold.js";
import { STEP, edits, ground, mark, onPhone, placeOf, put, reach, root, clamped, clock, spanOf, underPoint } from "./bench-sheet.js";
import { openNew } from "./bench-side.js";
import { word } from "./bench-words.js";

const BEGINS = 4;
const SLIPS = 10;
const HOLD = 400;
const EDGE = 6;
const SCROLLS = 48;
const NEAR = 20;
const DWELL = 700;

let press = null; // a button or a finger is down
let drag = null; // and has become a drag
let drawn = null;
let scrolling = 0;

export const isDrawing = () => drawn;

export function forgetDrawn() {
  drawn?.ghost.remove();
  drawn = null;
}

export function watchPointer() {
  root.addEventListener("pointerdown", down);
  addEventListener("pointermove", moved);
  addEventListener("pointerup", up);
  addEventListener("pointercancel", cancel);
  addEventListener("touchmove", (event) => drag && event.preventDefault(), { passive: false });
  addEventListener("keydown", (event) => event.key === "Escape" && drag && end(false), true);
  root.addEventListener("dragstart", (event) => event.preventDefault());
  root.addEventListener("contextmenu", (event) => (drag || press?.finger) && event.preventDefault());
  root.addEventListener("click", stopClick, true);
  root.addEventListener("pointermove", showEdge, { passive: true });
}

function down(event) {
  if (event.button !== 0 || !edits() || onPhone() || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const li = event.target.closest("#slots > li, #tray li[data-session]");
  const onGround = !li && event.target.closest("#ground");
  if (!li && !onGround) return;
  press = { x: event.clientX, y: event.clientY, li, id: event.pointerId, finger: event.pointerType === "touch" };
  press.edge = li && edgeAt(li, event);
  if (press.finger) press.timer = setTimeout(begin, HOLD);
  else if (onGround) event.preventDefault();
}

// The upper or the lower edge, where the pointer is on one.
function edgeAt(li, event) {
  if (li.dataset.at === undefined || event.pointerType === "touch" && !li.querySelector("[aria-current]")) return "";
  const box = li.getBoundingClientRect();
  const reach = Math.min(event.pointerType === "touch" ? 14 : EDGE, box.height / 4);
  if (event.clientY - box.top < reach) return "top";
  return box.bottom - event.clientY < reach ? "bottom" : "";
}

function showEdge(event) {
  if (press || !edits() || event.pointerType !== "mouse") return;
  const slot = event.target.closest(".slot");
  slot?.classList.toggle("at-edge", Boolean(edgeAt(slot.parentElement, event)));
}

function moved(event) {
  if (!press || event.pointerId !== press.id) return;
  [press.nowX, press.nowY] = [event.clientX, event.clientY];
  if (drag) {
    follow();
    return;
  }
  const distance = Math.hypot(event.clientX - press.x, event.clientY - press.y);
  if (press.finger && distance > SLIPS) cancel();
  else if (!press.finger && distance >= BEGINS) begin();
}

function begin() {
  clearTimeout(press.timer);
  if (press.finger) navigator.vibrate?.(12);
  [press.nowX, press.nowY] = [press.nowX ?? press.x, press.nowY ?? press.y];
  drag = press.li ? take(press.li) : draw();
  document.documentElement.classList.add(press.edge ? "is-sizing" : "is-dragging");
  scrolling = requestAnimationFrame(scroll);
  follow();
}

function take(li) {
  const was = placeOf(li);
  const grip = was ? underPoint(press.x, press.y).minute - was.start : 0;
  pickUp(li, { quiet: true, sizing: Boolean(press.edge) });
  return { kind: press.edge || "move", was, grip };
}

function draw() {
  forgetDrawn();
  const { minute, room } = underPoint(press.x, press.y);
  const start = Math.floor(minute / STEP) * STEP;
  const place = clamped({ start, minutes: STEP, room, across: false });
  return { kind: "draw", anchor: start, room, place, ghost: mark(place, "", "draw") };
}

const snapped = (minute) => Math.round(minute / STEP) * STEP;

function follow() {
  const { minute, room } = underPoint(press.nowX, press.nowY);
  if (drag.kind === "draw") return stretch(minute);
  const aside = drag.kind === "move" ? asideAt(press.nowX, press.nowY) : null;
  target(aside);
  if (aside) return moveAside(aside);
  const { was } = drag;
  const held = inHand();
  if (drag.kind === "top") {
    const start = Math.min(snapped(minute), was.start + was.minutes - STEP);
    return moveTo({ ...was, start, minutes: was.start + was.minutes - start });
  }
  if (drag.kind === "bottom") return moveTo({ ...was, minutes: Math.max(STEP, snapped(minute) - was.start) });
  if (!isNear(ground())) return undefined;
  return moveTo({ start: snapped(minute - drag.grip), minutes: held.minutes, room });
}

// On the ground or just beyond its edge, where the sheet then grows. Farther away nothing moves.
function isNear(element) {
  const box = element.getBoundingClientRect();
  const { nowX: x, nowY: y } = press;
  return x >= box.left - NEAR && x <= box.right + NEAR && y >= box.top - NEAR && y <= box.bottom + NEAR;
}

function stretch(minute) {
  const other = snapped(minute);
  const start = Math.min(drag.anchor, other);
  drag.place = clamped({ start, minutes: Math.max(STEP, Math.abs(other - drag.anchor)), room: drag.room, across: false });
  reach(drag.place);
  put(drag.ghost, drag.place);
  drag.ghost.firstChild.textContent = `${word("new")} ${clock(drag.place.start)}–${clock(drag.place.start + drag.place.minutes)}`;
}

// The list of the unplaced, or the tab of another day.
function asideAt(x, y) {
  const under = document.elementFromPoint(x, y);
  if (under?.closest("#tray")) return { unplace: true, element: document.getElementById("tray"), words: word("will-unplace") };
  const tab = under?.closest("#day-tabs [data-day]");
  if (!tab || tab.dataset.day === root.dataset.day) return null;
  const place = inHand().was ?? inHand().now ?? { start: 9 * 60, minutes: inHand().minutes, room: "", across: false };
  const day = tab.querySelector(".day-name").textContent;
  return { day: tab.dataset.day, place, element: tab, words: word("will-go", { day, span: spanOf(place) }) };
}

function target(aside) {
  if (drag.target === aside?.element) return;
  drag.target?.classList.remove("is-target");
  clearTimeout(drag.dwell);
  drag.target = aside?.element;
  drag.target?.classList.add("is-target");
  if (aside?.day) drag.dwell = setTimeout(() => drag && showDay(aside.day), DWELL);
}

// Near an edge of the window, or of the pane, the page comes along.
function scroll() {
  if (!drag) return;
  const pane = document.querySelector(".timetable.is-wide");
  const box = pane?.getBoundingClientRect();
  const top = Math.max(0, box?.top ?? 0);
  const bottom = Math.min(innerHeight, box?.bottom ?? innerHeight);
  const speed = (near, far) => (press.nowY < near + SCROLLS ? -1 : press.nowY > far - SCROLLS ? 1 : 0);
  const inColumn = press.nowX >= ground().getBoundingClientRect().left - 60;
  const down = inColumn ? speed(top, bottom) * 9 : 0;
  const side = pane && inColumn ? (press.nowX < box.left + SCROLLS * 2 ? -9 : press.nowX > box.right - SCROLLS ? 9 : 0) : 0;
  if (down || side) {
    if (pane) pane.scrollBy(side, down);
    if (!pane || press.nowY > innerHeight - SCROLLS || press.nowY < SCROLLS) scrollBy({ top: down, behavior: "instant" });
    follow();
  }
  scrolling = requestAnimationFrame(scroll);
}

function up(event) {
  if (!press || event.pointerId !== press.id) return;
  if (drag) end(true);
  else if (!press.finger && !press.li && event.target.closest("#ground")) forgetDrawn();
  reset();
}

function cancel() {
  if (drag) end(false);
  reset();
}

function end(done) {
  cancelAnimationFrame(scrolling);
  document.documentElement.classList.remove("is-dragging", "is-sizing");
  const { kind, ghost, place } = drag;
  target(null);
  drag = null;
  if (kind === "draw") finish(done, ghost, place);
  else if (done) putDown();
  else leave();
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, true), 0);
}

function finish(done, ghost, place) {
  if (!done) {
    ghost.remove();
    return;
  }
  drawn = { ghost, place };
  openNew(place);
}

function reset() {
  clearTimeout(press?.timer);
  press = null;
}

// The click that ends a drag is no click.
const swallow = (event) => {
  event.preventDefault();
  event.stopPropagation();
};

function stopClick(event) {
  if (drag) swallow(event);
}

