// The reader's own time beside the venue's, where the address asks for no zone (`?zone=`). A choice of another zone is made
// with the form and stays in the address, which links carry on: nothing is stored here, no cookie and nothing else.

const template = document.getElementById("second-time");
const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
const select = document.getElementById("zone");

function clockIn(timeZone) {
  const parts = { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const clock = new Intl.DateTimeFormat("en-GB", parts);
  const day = new Intl.DateTimeFormat("en-CA", { timeZone });
  return { time: (at) => clock.format(at), day: (at) => day.format(at) };
}

const venue = clockIn(template.dataset.venue);
const there = clockIn(own);

/** What the list calls the zone, without its distance from UTC; else the last part of its name. */
function cityOf(zone) {
  const option = [...(select?.options ?? [])].find((one) => one.value === zone || one.dataset.oldName === zone);
  return option?.textContent.replace(/\s*[(（][^()（）]*[)）]$/, "") ?? zone.split("/").pop().replaceAll("_", " ");
}

function dayWord(at) {
  const [here, other] = [venue.day(at), there.day(at)];
  const { same, later, earlier } = template.dataset;
  return other === here ? same : other > here ? later : earlier;
}

function filled(holder, city) {
  const second = template.content.firstElementChild.cloneNode(true);
  const [start, end] = [new Date(holder.dataset.start), holder.dataset.end && new Date(holder.dataset.end)];
  const words = { start: there.time(start), end: end && there.time(end), city, day: dayWord(start) };
  for (const part of second.querySelectorAll("[data-fill]")) {
    const word = words[part.dataset.fill];
    part.textContent = part.dataset.words?.replace("{time}", word) ?? word;
    if (part.dataset.fill === "start") part.dateTime = start.toISOString();
    if (!word) part.remove();
  }
  return second;
}

function show(holders) {
  const city = cityOf(own);
  for (const holder of holders) {
    for (const old of holder.querySelectorAll("[data-second]")) old.remove();
    holder.append(filled(holder, city));
  }
  for (const head of document.querySelectorAll("[data-cities]")) {
    head.querySelector("[data-second]")?.remove();
    const name = Object.assign(document.createElement("span"), { textContent: city });
    name.dataset.second = "";
    head.append(name);
  }
  const told = document.getElementById("whose-times");
  if (told) told.textContent = told.dataset.words.replace("{city}", city);
  if (select) select.options[0].textContent = select.dataset.usual.replace("{city}", city);
}

const holders = [...document.querySelectorAll("[data-start]")];
const differs = ({ dataset: { start } }) =>
  venue.time(new Date(start)) !== there.time(new Date(start)) || venue.day(new Date(start)) !== there.day(new Date(start));
const isPlace = own?.includes("/") && !own.startsWith("Etc/");
if (isPlace && own !== template.dataset.shown && holders.some(differs)) show(holders);
