// What ical.js reads in calendar files: a line of JSON for every event.

import { readFileSync } from "node:fs";
import ICAL from "ical.js";

// In UTC by what the calendar itself says of the zone; a moment without one keeps its local time, and has no Z.
function moment(time) {
  const floats = time.zone === ICAL.Timezone.localTimezone;
  return (floats ? time : time.convertToZone(ICAL.Timezone.utcTimezone)).toICALString();
}

for (const file of process.argv.slice(2)) {
  const calendar = new ICAL.Component(ICAL.parse(readFileSync(file, "utf8")));
  for (const component of calendar.getAllSubcomponents("vevent")) {
    const event = new ICAL.Event(component);
    const categories = component.getAllProperties("categories").flatMap((property) => property.getValues());
    const status = component.getFirstPropertyValue("status") ?? "";
    const { uid, summary } = event;
    const description = event.description ?? "";
    const [start, end] = [event.startDate, event.endDate].map(moment);
    console.log(JSON.stringify({ file, uid, start, end, summary, description, categories, status }));
  }
}
