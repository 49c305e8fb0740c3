// What goes to the server: one gesture, one request, one after the other. A second wish for the same session waits, and
// the last one counts. Without a network everything waits with its key and is sent again.

import { root } from "./bench-sheet.js";

const AGAIN = [1000, 2000, 4000, 8000];
const queue = [];
let busy = null;
let tries = 0;
let timer = 0;
const listeners = { sending: [], answer: [], refused: [], offline: [], online: [], failed: [], idle: [] };

export const on = (event, act) => listeners[event].push(act);
const tell = (event, ...data) => listeners[event].forEach((act) => act(...data));

export const isBusy = () => Boolean(busy) || queue.length > 0;
export const concerns = (session) => [busy, ...queue].some((job) => job && job.session === String(session));
export const isWaiting = (session) => queue.some((job) => job.session === String(session));

// A job: {deed | turn, session, fields, ...}; `fields` may be a function, asked only when it is sent.
export function send(job) {
  const wish = { key: crypto.randomUUID(), ...job, session: job.session === undefined ? "" : String(job.session) };
  const waiting = wish.deed === "place" ? queue.findIndex((other) => other.deed === "place" && other.session === wish.session) : -1;
  if (waiting >= 0) queue[waiting] = { ...wish, before: queue[waiting].before };
  else queue.push(wish);
  next();
}

function next() {
  if (busy || queue.length === 0) return;
  busy = queue.shift();
  attempt();
}

async function attempt() {
  const job = busy;
  clearTimeout(timer);
  tell("sending", job);
  try {
    const answer = await fetch(job.turn ? root.dataset[job.turn] : root.dataset.gestures, {
      method: "POST",
      keepalive: true, // what is under way arrives even if the page is left
      headers: { Accept: "application/json" },
      body: body(job),
    });
    if (answer.status === 503 || answer.status === 507) throw new TypeError("away");
    await answered(job, answer);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    tell("offline", job, tries === 0);
    timer = setTimeout(attempt, AGAIN[Math.min(tries, AGAIN.length - 1)]);
    tries += 1;
  }
}

function body(job) {
  // Asked once: the same request again has to be the same.
  job.sent ??= {
    ...(typeof job.fields === "function" ? job.fields() : job.fields),
    ...(job.deed ? { deed: job.deed } : {}),
    ...(job.force ? { force: "1" } : {}),
    key: job.key,
  };
  return new URLSearchParams({
    ...job.sent,
    csrf_token: root.dataset.token,
    since: root.dataset.number,
    colour: root.dataset.colour,
    day: root.dataset.day,
  });
}

async function answered(job, answer) {
  const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
  const data = isJson ? await answer.json() : null;
  busy = null;
  if (tries > 0) tell("online", job);
  tries = 0;
  if (data && answer.ok) tell("answer", job, data);
  else if (data) tell("refused", job, data);
  else tell("failed", job, answer.redirected ? "signed-out" : "trouble");
  next();
  if (!isBusy()) tell("idle");
}

addEventListener("online", () => {
  if (busy && tries > 0) attempt();
});
addEventListener("beforeunload", (event) => {
  if (tries > 0 || queue.length > 0) event.preventDefault();
});
