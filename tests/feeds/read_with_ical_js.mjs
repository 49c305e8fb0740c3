// Reads calendars as Thunderbird and Nextcloud do. In: JSON list of texts. Out: JSON, for each its events.
import { readFileSync } from "node:fs";
import ICAL from "../vendor/ical-2.2.1.mjs";

function read(text) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  return calendar.getAllSubcomponents("vevent").map((component) => {
    const event = new ICAL.Event(component);
    return {
      uid: event.uid,
      summary: event.summary,
      description: event.description,
      location: event.location,
      sequence: component.getFirstPropertyValue("sequence"),
      status: component.getFirstPropertyValue("status"),
      categories: component.getAllProperties("categories").flatMap((property) => property.getValues()),
      starts: event.startDate.isDate ? event.startDate.toString() : event.startDate.toUnixTime(),
      ends: event.endDate.isDate ? event.endDate.toString() : event.endDate.toUnixTime(),
      floating: !event.startDate.isDate && event.startDate.zone === ICAL.Timezone.localTimezone,
      properties: component.getAllProperties().map((property) => property.name),
    };
  });
}

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(read)));
