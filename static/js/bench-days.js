// Another day on the same page: its parts are fetched and put in place, and whatever is held comes along.

import { carry, inHand } from "./bench-hold.js";
import { root } from "./bench-sheet.js";

const PARTS = ["day-tabs", "bench-key", "tray", "timetable", "findings"];
const listeners = [];

export const onDay = (act) => listeners.push(act);

export function neighbourDay(way) {
  const days = [...document.querySelectorAll("#day-tabs [data-day]")].map((tab) => tab.dataset.day);
  return days[days.indexOf(root.dataset.day) + way];
}

export function addressOf(query) {
  const asked = new URLSearchParams({ day: root.dataset.day });
  if (root.dataset.colour !== "track") asked.set("colour", root.dataset.colour);
  if (root.dataset.zoom !== "100") asked.set("zoom", root.dataset.zoom);
  for (const [name, value] of Object.entries(query)) value === null ? asked.delete(name) : asked.set(name, value);
  return `${root.dataset.page}?${asked}`;
}

export async function showDay(day, { push = false, query = {} } = {}) {
  if (day === root.dataset.day && Object.keys(query).length === 0) return;
  const address = addressOf({ day, ...query });
  let page;
  try {
    const answer = await fetch(address);
    if (!answer.ok || answer.redirected) throw new TypeError("no page");
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    if (!inHand()) location.assign(address);
    return;
  }
  const fresh = page.getElementById("bench");
  if (!fresh) {
    location.assign(address);
    return;
  }
  const pane = document.getElementById("timetable").scrollLeft;
  for (const id of PARTS) document.getElementById(id).replaceWith(page.getElementById(id));
  document.getElementById("timetable").scrollLeft = pane;
  Object.assign(root.dataset, { day: fresh.dataset.day, number: fresh.dataset.number, colour: fresh.dataset.colour });
  document.title = page.title;
  document.querySelector(".print-day").textContent = page.querySelector(".print-day").textContent;
  if (push) history.pushState({}, "", address);
  else history.replaceState({}, "", address);
  listeners.forEach((act) => act());
  if (inHand()) carry(inHand().day);
}

export function watchDays() {
  document.getElementById("bench-head").addEventListener("click", (event) => {
    const tab = event.target.closest("#day-tabs [data-day]");
    if (!tab || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    showDay(tab.dataset.day, { push: true });
  });
  addEventListener("popstate", () => {
    const day = new URLSearchParams(location.search).get("day");
    if (day && day !== root.dataset.day) showDay(day);
  });
}

