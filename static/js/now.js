// The line of the present minute across the slot that is running. The server marks what is on; this says how far.

const parts = [3, 5, 7];

function draw(agenda) {
  agenda.querySelector(".now-line")?.remove();
  const now = Date.now();
  const slots = [...agenda.querySelectorAll(".slot")];
  const starts = slots.map((slot) => Date.parse(slot.querySelector("time")?.dateTime));
  const running = starts.findLastIndex((start) => start <= now);
  if (running < 0 || !slots[running].querySelector("[data-now]")) return;
  const next = starts[running + 1] ?? starts[running] + 60 * 60 * 1000;
  const share = (now - starts[running]) / (next - starts[running]);
  const line = document.createElement("span");
  line.className = "now-line";
  line.setAttribute("aria-hidden", "true");
  line.dataset.part = parts[Math.min(2, Math.floor(share * 3))];
  const clock = new Intl.DateTimeFormat("en-GB", {
    timeZone: agenda.dataset.zone,
    hour: "2-digit",
    minute: "2-digit",
  });
  line.textContent = `${agenda.dataset.nowWord} ${clock.format(now)}`;
  slots[running].querySelector(".slot-time").append(line);
}

for (const agenda of document.querySelectorAll(".agenda[data-zone]")) {
  draw(agenda);
  setInterval(() => draw(agenda), 60 * 1000);
}
