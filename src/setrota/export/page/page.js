// The parts of the page that depend on the reader's clock and place, and find-me and the filters.
//
// Shift: [seat, person, start, end, following, until = end, away = []]; person -1 is nobody, end -1 an open turn.
// Phase: [since, state, shifts, pause = -1, again = -1, following = that of the shifts].
// Hole: [start, end, warned from]. Instants are numbers in `times`.
// Text from the roster only ever becomes text: no markup is made of it.
(() => {
"use strict";
const byId = id => document.getElementById(":" + id);
const data = JSON.parse(byId("data").textContent);
let sum = 0;
const times = data.times.map(step => (sum += step) * 1000);
const at = number => number < 0 || number == null ? Infinity : times[number];
const STATES = ["on", "off", "nobody", "ended", "open", "unplanned"];

const people = data.people.map(([handle, name, chat, email, teams, path], number) =>
  ({ handle, name, chat, email, teams, path, number, words: plain(name + " " + handle) }));
const twice = new Set(people.map(each => each.name).filter((name, number, all) => all.indexOf(name) < number));
const label = person => twice.has(person.name) ? `${person.name} (${person.handle})` : person.name;
const numbers = new Map(people.map(person => [label(person), person.number]));

const rotations = data.rotations.map(([name, voluntary, shifts, phases, holes], number) => {
  const found = shifts.map(([seat, person, start, end, next, until, away]) => ({
    seat: data.seats[seat], person: people[person], start: at(start), end: at(end), next,
    until: at(until === undefined ? end : until), away: (away || []).map(at), rotation: number,
  }));
  return { name, voluntary, shifts: found, holes: holes.map(hole => hole.map(at)),
    phases: phases.map(([since, state, on, pause, again, next]) => ({
      since: at(since), state: STATES[state], on: on.map(each => found[each]), pause: at(pause), again: at(again),
      next: (next || on.map(each => shifts[each][4]).filter(each => each >= 0)).map(each => found[each]),
    })) };
});
const several = rotations.length > 1;
let now = Date.now();
let me = null;

// Words

function plain(words) {
  return words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
const parts = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", year: "numeric",
  hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
function when(moment) {
  const part = {};
  for (const { type, value } of parts.formatToParts(moment)) part[type] = value;
  const year = part.year == new Date(now).getFullYear() ? "" : " " + part.year;
  return `${part.weekday} ${part.day} ${part.month}${year}, ${part.hour}:${part.minute}`;
}
function inDays(moment) {
  const day = each => { const found = new Date(each); return Date.UTC(found.getFullYear(), found.getMonth(), found.getDate()); };
  const days = Math.round((day(moment) - day(now)) / 864e5);
  return days == 0 ? "today" : days == 1 ? "tomorrow" : `in ${days} days`;
}
const counted = (number, noun) => `${number} ${noun}${number == 1 ? "" : "s"}`;

// An element with children: texts, elements, or nothing.
function make(name, look, ...children) {
  const [tag, kind] = name.split(" ");
  const found = document.createElementNS(kind == "svg" ? "http://www.w3.org/2000/svg" : "http://www.w3.org/1999/xhtml", tag);
  for (const key in look) found.setAttribute(key, look[key]);
  found.append(...children.flat().filter(each => each != null && each !== ""));
  return found;
}
const link = (href, words) => make("a", { href }, words);

// Now

function phaseOf(rotation) {
  const found = rotation.phases.findLast(phase => phase.since <= now);
  if (found) return found;
  const [first] = rotation.phases;
  return { state: rotation.voluntary ? "open" : "nobody", on: [], next: first.on, again: first.since, pause: Infinity };
}
function holder(shift) {
  const { person } = shift;
  if (!person) return rotations[shift.rotation].voluntary ? "open" : make("span", { class: "nobody" }, "nobody");
  const names = person.teams.map(team => data.teams[team]).join(", ");
  const chat = person.chat || person.handle;
  return [make("b", {}, person.name), " ", make("span", {}, chat),
    person.email && [" ", link("mailto:" + encodeURIComponent(person.email), person.email)],
    names && [" ", make("small", {}, names)],
    shift.away.some((start, each, all) => each % 2 == 0 && start <= now && now < all[each + 1])
      && [" ", make("small", {}, "away today")]].flat().filter(Boolean);
}
function seats(shifts, common) {
  return make("dl", {}, shifts.map(shift => make("div", {},
    make("dt", {}, shift.seat, common || shift.until == Infinity ? "" : `, until ${when(shift.until)}`),
    make("dd", {}, holder(shift)))));
}
function coming(shifts) {
  const starts = [...new Set(shifts.map(shift => shift.start))].sort((one, other) => one - other);
  return starts.map(start => make("p", { class: "next" }, `Next, from ${when(start)}: `,
    shifts.filter(shift => shift.start == start).map(shift => `${shift.seat} `
      + (shift.person ? label(shift.person) : rotations[shift.rotation].voluntary ? "open" : "nobody")).join(", ")));
}
function card(rotation) {
  const phase = phaseOf(rotation);
  const { state, on, again } = phase;
  const common = new Set(on.map(shift => shift.until)).size == 1;
  const until = common && on[0].until < Infinity ? `until ${when(on[0].until)}` : "";
  const nobody = rotation.voluntary ? "Open to volunteers" : "Nobody on duty";
  const holes = rotation.holes.filter(hole => hole[0] <= now);
  let words = "", body = [];
  if (state == "on") {
    words = on.some(shift => shift.end == Infinity) ? `since ${when(on[0].start)}, until its next start` : until;
    const off = phase.pause < Infinity
      && `Off duty from ${when(phase.pause)}${phase.again < Infinity ? ` to ${when(phase.again)}` : ""}`;
    body = [seats(on, common), off && make("p", { class: "next" }, off), coming(phase.next)];
  } else if (state == "off") {
    words = again < Infinity ? `off duty until ${when(again)}` : "off duty";
    body = [again == Infinity ? "" : on.length ? [make("p", { class: "muted" }, "Then", until && ` ${until}`, ":"), seats(on, common)]
      : `Then ${rotation.voluntary ? "open to volunteers" : "nobody is planned"}.`];
  } else {
    const more = again < Infinity ? ` until ${when(again)}` : state == "unplanned" ? "; nothing is planned"
      : state == "ended" ? `; the plan ended ${holes.length ? when(holes.at(-1)[0]) : ""}` : "";
    body = [make("p", {}, make("b", {}, nobody + more)), coming(phase.next)];
  }
  const alarm = !rotation.voluntary && ["nobody", "ended", "unplanned"].includes(state);
  return make("div", { class: alarm ? "card alarm" : "card" },
    make("h3", {}, rotation.name, words && make("small", {}, words)), body.flat().filter(Boolean));
}
function warnings() {
  return rotations.flatMap(rotation => rotation.holes.filter(([start, end, warned]) => warned <= now && now < end)
    .map(([start, end]) => make("p", {}, end < Infinity
      ? `Nobody is planned for ${rotation.name} from ${when(start)} to ${when(end)}.`
      : start <= now ? `The plan for ${rotation.name} ended ${when(start)}.`
      : `The plan for ${rotation.name} ends ${when(start)}, ${inDays(start)}.`)));
}
function where() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return zone == data.zone ? `All times are ${data.city} time.`
    : `Times are yours (${zone.split("/").pop().replaceAll("_", " ")}). The rota keeps ${data.city} time.`;
}

// Find me

function candidates(words) {
  const wanted = plain(words).split(/\s+/).filter(Boolean);
  if (!wanted.length) return [];
  const exact = people.filter(person => plain(person.handle) == wanted.join(" ").replace(/^@/, "") || plain(label(person)) == wanted.join(" "));
  return exact.length ? exact
    : people.filter(person => wanted.every(word => person.words.split(/[\s._-]+/).some(each => each.startsWith(word))));
}
function answer() {
  const own = rotations.flatMap(rotation => rotation.shifts.filter(shift => shift.person == me))
    .sort((one, other) => one.start - other.start);
  const ahead = own.filter(shift => shift.until > now);
  const [first] = ahead;
  const name = make("b", {}, label(me));
  const seat = shift => several && shift.seat != rotations[shift.rotation].name && rotations.length > 1
    ? `${rotations[shift.rotation].name} ${shift.seat}` : shift.seat;
  const sentence = !first ? [name, ": no duty ahead in this plan."]
    : first.start <= now ? [name, `: on duty now, ${seat(first)}`, first.until < Infinity && `, until ${when(first.until)} your time`]
    : [name, `: next ${seat(first)} ${when(first.start)} your time, ${inDays(first.start)}`];
  byId("answer").replaceChildren(...sentence.filter(Boolean));
  const line = shift => make("li", {}, make("b", {}, seat(shift)),
    make("span", {}, `${when(shift.start)} – ${shift.until < Infinity ? when(shift.until) : "until its next start"}`));
  const past = own.filter(shift => shift.until <= now);
  const href = data.base + encodeURI(me.path);
  byId("own").replaceChildren(make("div", { class: "mine" },
    ahead.length ? make("ul", {}, ahead.map(line)) : "",
    past.length ? make("details", {}, make("summary", {}, counted(past.length, "earlier duty").replace("dutys", "duties")), make("ul", {}, past.map(line))) : "",
    data.lines.filter(([person]) => person == me.number).map(curve),
    me.path ? make("div", { class: "tools" }, data.base ? link(href.replace(/^https?:/i, "webcal:"), "Subscribe to your calendar") : "", link(encodeURI(me.path), "Calendar file")) : ""));
}
function curve([, rotation, periods, corners]) {
  const points = corners.filter((_, each) => each % 2).map((balance, each) => [corners[2 * each] + 1, balance]);
  const most = Math.max(1, ...points.map(([, balance]) => Math.abs(balance)));
  const last = points.at(-1)[1];
  const words = Math.abs(last) < .05 ? "exactly at your fair share" : `${Math.abs(last).toFixed(1)} duties ${last > 0 ? "ahead of" : "behind"} your fair share`;
  const path = points.map(([x, y], each) => `${each ? "L" : "M"}${x / periods * 300} ${30 - y / most * 26}`).join("");
  return make("p", {}, make("small", {}, `${several ? rotations[rotation].name + ": " : ""}at the end ${words}`),
    make("svg svg", { class: "curve", viewBox: "0 0 300 60", preserveAspectRatio: "none", "aria-hidden": "true" },
      make("line svg", { x2: 300, y1: 30, y2: 30 }), make("path svg", { d: path })));
}
function choose(person, push) {
  if (person == me) return;
  const hash = "#" + (person ? encodeURIComponent(person.handle) : "");
  if (location.hash != hash && (person || location.hash)) history[push || !me ? "pushState" : "replaceState"](null, "", hash);
  show(person);
}
function show(person) {
  me = person;
  byId("found").hidden = !me;
  byId("own").replaceChildren();
  byId("answer").replaceChildren();
  if (me) answer();
  mark();
}
function search(push) {
  const words = byId("who").value;
  const found = candidates(words);
  choose(found.length == 1 ? found[0] : null, push);
  if (found.length == 1 || !words.trim()) return;
  byId("found").hidden = false;
  byId("answer").replaceChildren(found.length ? `${found.length} people: which one?` : `Nobody here is called “${words.trim()}”.`);
  const buttons = found.slice(0, 12).map(person => {
    const button = make("button", { type: "button" }, label(person));
    button.onclick = () => { byId("who").value = label(person); choose(person, true); byId("who").focus(); };
    return button;
  });
  byId("own").replaceChildren(make("div", { class: "choices" }, buttons));
}
function fromAddress() {
  let handle = location.hash.slice(1);
  try { handle = decodeURIComponent(handle); } catch { /* then it is nobody's */ }
  const person = people.find(each => each.handle.toLowerCase() == handle.toLowerCase()) || null;
  byId("who").value = person ? label(person) : "";
  show(person);
}

// The tables

let isRead = false;
const chosen = { team: "", rotation: "" };
const all = (query, from) => [...(from || document).querySelectorAll(query)];
const open = new Set();

function fold() {
  data.tables.forEach(([unit, starts], number) => {
    const [table] = all(`.d${number}`);
    const rows = all("tbody tr", table);
    const running = rows.findIndex((_, row) => at(starts[row]) <= now && now < at(starts[row + 1]));
    const past = now < at(starts[0]) ? 0 : running < 0 ? rows.length : running;
    rows.forEach((row, each) => {
      row.hidden = each < past && !open.has(number);
      row.classList.toggle("running", each == running);
      if (each == running) row.setAttribute("aria-current", "true"); else row.removeAttribute("aria-current");
    });
    let button = table.previousElementSibling;
    if (!button || button.tagName != "BUTTON") {
      table.before(button = make("button", { type: "button" }));
      button.onclick = () => { open.delete(number) || open.add(number); fold(); };
    }
    button.hidden = !past;
    button.setAttribute("aria-expanded", open.has(number));
    button.textContent = `${open.has(number) ? "Hide" : "Show"} ${counted(past, `earlier ${unit}`)}`;
  });
}
function mark() {
  if (!isRead) return;
  const team = chosen.team === "" ? -1 : +chosen.team;
  document.documentElement.className = chosen.rotation === "" ? "" : "r" + chosen.rotation;
  all(".dates td").forEach(cell => {
    const found = [...cell.childNodes].filter(each => each.nodeType == 3).map(each => people[numbers.get(each.data.trim())]).filter(Boolean);
    cell.classList.toggle("me", !!me && found.includes(me));
    cell.classList.toggle("out", team >= 0 && !found.some(person => person.teams.includes(team)));
  });
  all("[data-team]").forEach(part => { part.hidden = team >= 0 && part.dataset.team != team; });
  all(".grid tbody tr").forEach(row => row.classList.toggle("me", !!me && row.cells[0].textContent == label(me)));
}
function unfold(details) {
  const source = details.querySelector("noscript");
  if (!source) return;
  // Our own markup, which the browser has kept as text; every name in it is escaped.
  source.replaceWith(...new DOMParser().parseFromString(source.textContent, "text/html").body.children);
  mark();
}

// Clockwork

let timer;
function draw() {
  now = Date.now();
  byId("now").replaceChildren(...rotations.map(card));
  byId("where").textContent = where();
  const loud = warnings();
  byId("loud").hidden = !loud.length;
  byId("loud").replaceChildren(...loud);
  if (me) answer();
  if (isRead) fold();
  // The next instant, or midnight, when days are counted anew; browsers can't wait for more than 24 days.
  const next = times.find(time => time > now) || Infinity;
  const midnight = new Date(now).setHours(24, 0, 0, 0);
  clearTimeout(timer);
  timer = setTimeout(draw, Math.max(50, Math.min(next, midnight) - now));
}

byId("find").hidden = false;
byId("find").onsubmit = event => {
  event.preventDefault();
  const found = candidates(byId("who").value);
  if (found.length) { byId("who").value = label(found[0]); choose(found[0], true); }
};
byId("who").oninput = () => search(false);
addEventListener("popstate", fromAddress);
addEventListener("hashchange", fromAddress);
addEventListener("pageshow", draw);
document.addEventListener("visibilitychange", draw);
draw();
fromAddress();
document.addEventListener("DOMContentLoaded", () => {
  isRead = true;
  if (byId("filters")) byId("filters").hidden = false;
  for (const key in chosen) {
    const select = byId(key);
    if (select) select.onchange = () => { chosen[key] = select.value; mark(); };
  }
  all(".people details").forEach(details => { details.ontoggle = () => unfold(details); });
  fold();
  mark();
});
})();
