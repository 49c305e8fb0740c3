// The form beside the grid: filled by a click, sent like any gesture, never overwritten while somebody types in it.

import { addressOf } from "./bench-days.js";
import { send } from "./bench-sender.js";
import { clock, onPhone, root, slotOf, trayOf } from "./bench-sheet.js";

const side = () => document.getElementById("form");
let typing = false;
let asked = 0;
const closers = [];

export const onClose = (act) => closers.push(act);
export const isTyping = () => typing;
export const chosen = () => root.dataset.chosen ?? "";

// `quiet`: only mark it, the form follows. `focus`: the keyboard goes there.
export function choose(session, { focus = false } = {}) {
  markChosen(session);
  history.replaceState({}, "", addressOf({ session }));
  return load({ session }, { focus: focus || onPhone() });
}

function markChosen(session) {
  root.dataset.chosen = session ?? "";
  for (const link of document.querySelectorAll('#slots [aria-current="true"], #tray [aria-current="true"]')) link.removeAttribute("aria-current");
  for (const li of [slotOf(session), trayOf(session)]) li?.querySelector("a").setAttribute("aria-current", "true");
}

export function openNew(place) {
  markChosen(null);
  const query = { new: "1", session: null };
  if (place) Object.assign(query, { on: root.dataset.day, start: clock(place.start), minutes: String(place.minutes), room: place.room });
  return load(query, { focus: true });
}

export function refresh() {
  if (!typing && chosen()) load({ session: chosen() });
}

async function load(query, { focus = false } = {}) {
  const mine = ++asked;
  const answer = await fetch(addressOf({ ...query, part: "side" })).catch(() => null);
  if (!answer?.ok || answer.redirected || mine !== asked) return;
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  if (mine !== asked) return;
  const open = side().querySelector("details")?.open;
  const here = side().contains(document.activeElement) ? document.activeElement.id : "";
  const scrolled = side().scrollTop;
  side().replaceWith(holder.content.querySelector("#form"));
  typing = false;
  dress();
  if (open && side().querySelector("details")) side().querySelector("details").open = true;
  if (focus) begin();
  else {
    side().scrollTop = scrolled;
    if (here) (document.getElementById(here) ?? side()).focus({ preventScroll: true });
  }
}

function begin() {
  const first = side().querySelector("#title, #start, .side-head a");
  if (onPhone()) side().scrollIntoView({ block: "start" });
  (onPhone() ? side() : (first ?? side())).focus({ preventScroll: onPhone() });
}

function dress() {
  const keys = side().querySelector("[data-keys]");
  if (keys) keys.hidden = false;
}

export function watchSide() {
  dress();
  root.addEventListener("input", (event) => {
    if (event.target.closest("#form")) typing = true;
  });
  root.addEventListener("submit", submitted);
  root.addEventListener("click", clicked);
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.closest("#form")) close();
  });
}

function submitted(event) {
  const form = event.target;
  if (form.dataset.turn) {
    event.preventDefault();
    send({ turn: form.dataset.turn, fields: { step: form.elements.step.value } });
    return;
  }
  if (!form.dataset.gesture) return;
  event.preventDefault();
  const fields = Object.fromEntries(new FormData(form, event.submitter));
  const { deed, session } = fields;
  for (const own of ["csrf_token", "key", "deed", "colour", "zoom", "chosen"]) delete fields[own];
  if (deed === "swap") fields.saw_other = (slotOf(fields.other) ?? trayOf(fields.other))?.dataset.saw ?? "";
  typing = false;
  send({ deed, session, fields, form: true, wish: deed === "place" ? fields : null });
}

function clicked(event) {
  const link = event.target.closest("#slots .slot, #tray .tray-item, #findings td a, #form [data-start], [data-does=close], #place-found a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented) return;
  if (link.matches("[data-does=close]")) {
    event.preventDefault();
    close();
  } else if (link.matches("[data-start]")) {
    event.preventDefault();
    side().querySelector("#start").value = link.dataset.start;
    typing = true;
    side().querySelector("[name=deed][value=place]")?.focus();
  } else {
    const session = new URL(link.href).searchParams.get("session");
    const li = slotOf(session) ?? trayOf(session);
    if (!li) return;
    event.preventDefault();
    choose(session);
    if (!link.matches(".slot, .tray-item")) {
      li.scrollIntoView({ block: "center", inline: "nearest" });
      li.querySelector("a").focus({ preventScroll: true });
    }
  }
}

// Back to the grid, to the session the form was about.
function close() {
  const li = slotOf(chosen()) ?? trayOf(chosen());
  closers.forEach((act) => act());
  if (!li) load({ session: null });
  (li?.querySelector("a") ?? document.querySelector('#slots a[tabindex="0"]'))?.focus();
}
