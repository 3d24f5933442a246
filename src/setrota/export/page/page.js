// What depends on the reader's clock and place: who is on duty, find-me, the running row; and the filters.
//
// `embedded.py` writes `data`, and says there what each place in a list is. An instant is a number in `times`; where
// there is none, `at` gives Infinity. Text of the roster only ever becomes text: no markup is made of it.
(() => {
"use strict";
const byId = id => document.getElementById(":" + id);
const all = query => [...document.querySelectorAll(query)];
const data = JSON.parse(byId("data").textContent);
const { people, words } = data;
let sum = 0, now, me, isRead, timer;
const times = data.times.map(step => sum += step * 1000);
const at = number => times[number] ?? Infinity;
const plain = text => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const named = new Map(people.map(person => [person.name, person]));
const rotations = data.rotations.map(([name, nobody, shifts, phases]) => {
  const found = shifts.map(([seat, person, start, end, until = end, away = []]) => ({
    seat: data.seats[seat], duty: data.duties[seat], person: people[person], nobody,
    start: at(start), until: at(until), away: away.map(at),
  }));
  const those = numbers => numbers.map(number => found[number]);
  return { name, shifts: found, phases: phases.map(([since, state, on, next, ...note]) =>
    ({ since: at(since), state, on: those(on), next: those(next), note })) };
});

// Words

const format = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", year: "numeric",
  hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const when = moment => {
  const part = {};
  for (const { type, value } of format.formatToParts(moment)) part[type] = value;
  const year = part.year == new Date(now).getFullYear() ? "" : " " + part.year;
  return `${part.weekday} ${part.day} ${part.month}${year}, ${part.hour}:${part.minute}`;
};
const sentence = ([says, from, to]) => words[says] + [" ", " to "].map((word, each) =>
  at([from, to][each]) < Infinity ? word + when(at([from, to][each])) : "").join("");
const ends = shift => shift.until < Infinity ? "until " + when(shift.until) : "until its next start";
const midnight = moment => new Date(moment).setHours(0, 0, 0, 0);
const inDays = moment => {
  const days = Math.round((midnight(moment) - midnight(now)) / 864e5);
  return ["today", "tomorrow"][days] ?? `in ${days} days`;
};
const make = (tag, look, ...children) => fill(document.createElement(tag), look, children);
const draw = (tag, look, ...children) =>
  fill(document.createElementNS("http://www.w3.org/2000/svg", tag), look, children);
const fill = (element, look, children) => {
  for (const key in look) element.setAttribute(key, look[key]);
  element.append(...children.flat().filter(Boolean));
  return element;
};
const small = text => make("small", {}, text);
const next = text => make("p", { class: "next" }, text);
const link = (href, text) => make("a", { href }, text);

// Who is on duty

const holder = ({ person, nobody, away }) => !person ? make("span", { class: "nobody" }, nobody) : [
  make("b", {}, person.name), make("span", {}, person.chat),
  person.email && link("mailto:" + encodeURIComponent(person.email), person.email),
  person.teams && small(person.teams),
  away.some((start, each) => each % 2 < 1 && start <= now && now < away[each + 1]) && small("away today")];
const card = ({ name, phases }) => {
  const { state, on, next: coming, note } = phases.findLast(phase => phase.since <= now);
  const same = !state && on.every(shift => shift.until == on[0].until);
  return make("div", { class: "card " + ["", "idle", "alarm"][state] },
    make("h3", {}, name, same && small(ends(on[0]))),
    state && make("p", {}, sentence(note)),
    make("dl", {}, on.map(shift => make("div", {},
      make("dt", {}, shift.seat, !same && ", " + ends(shift)), make("dd", {}, holder(shift))))),
    !state && note.length && next(sentence(note)),
    [...new Set(coming.map(shift => shift.start))].map(start => next(`Next, from ${when(start)}: ` + coming
      .filter(shift => shift.start == start)
      .map(shift => shift.seat + " " + (shift.person?.name ?? shift.nobody)).join(", "))));
};
const warnings = () => data.warnings.filter(([since, until]) => at(since) <= now && now < at(until))
  .map(([, , ...note]) => make("p", {}, sentence(note), at(note[1]) > now && ", " + inDays(at(note[1]))));

// Find me

const candidates = () => {
  const wanted = plain(byId("who").value).trim().replace(/^@/, "");
  const exact = people.filter(person => [person.handle, person.name].some(each => plain(each) == wanted));
  return !wanted || exact.length ? exact : people.filter(person => wanted.split(/\s+/).every(word =>
    plain(person.name + " " + person.handle).split(/[\s._-]/).some(each => each.startsWith(word))));
};
const answer = () => {
  const own = rotations.flatMap(rotation => rotation.shifts.filter(shift => shift.person == me))
    .sort((one, other) => one.start - other.start);
  const ahead = own.filter(shift => shift.until > now), past = own.filter(shift => shift.until <= now);
  const [first] = ahead;
  say(make("b", {}, me.name), !first ? ": no duty ahead in this plan"
    : first.start > now ? `: next ${first.duty} ${when(first.start)} your time, ${inDays(first.start)}`
    : `: on duty now, ${first.duty}, ${ends(first)} your time`);
  const list = shifts => make("ul", {}, shifts.map(shift =>
    make("li", {}, make("b", {}, shift.duty), make("span", {}, `${when(shift.start)}, ${ends(shift)}`))));
  byId("own").replaceChildren(list(ahead),
    past.length ? make("details", {}, make("summary", {}, "Earlier: " + past.length), list(past)) : "",
    ...data.lines.filter(([person]) => people[person] == me).map(([, says, d]) => make("p", {}, small(words[says]),
      draw("svg", { viewBox: "0 0 300 60", preserveAspectRatio: "none", "aria-hidden": true },
        draw("path", { d: "M0 30H300" }), draw("path", { d })))),
    me.feed ? link(me.feed, "Subscribe to your calendar") : "", me.path ? link(me.path, "Calendar file") : "");
};
const say = (...children) => {
  byId("found").hidden = !children.length;
  const old = byId("answer"), said = make("p", {}, children);
  // The same words again would be read out again.
  if (old.textContent != said.textContent) old.replaceChildren(...said.childNodes);
  byId("own").replaceChildren();
};
const address = person => "#" + person.handle;
const show = person => {
  me = person;
  if (me) answer(); else say();
  mark();
};
// A link to each of several people; to one of them, as if it had been followed.
const search = () => {
  const found = candidates(), [person] = found, typed = byId("who").value.trim();
  if (found.length == 1) {
    location[me ? "replace" : "assign"](address(person));
    return show(person);
  }
  if (location.hash) history.replaceState(null, "", "#");
  show();
  if (typed) say(person ? found.length + " people:" : `Nobody is called “${typed}”`);
  byId("own").replaceChildren(...found.slice(0, 12).map(each => link(address(each), each.name)));
};
const follow = () => {
  const person = people.find(each => address(each).toLowerCase() == location.hash.toLowerCase());
  if (person == me) return;
  if (byId("own").contains(document.activeElement)) byId("who").focus();
  byId("who").value = person?.name ?? "";
  show(person);
};

// The tables

const fold = () => data.tables.forEach(([unit, starts], number) => {
  const [table] = all(".d" + number), { rows } = table.tBodies[0], button = byId("past" + number);
  const past = [...rows].filter((_, row) => at(starts[row + 1]) <= now).length;
  [...rows].forEach((row, each) => {
    const runs = each == past && at(starts[each]) <= now;
    row.hidden = each < past && button.ariaExpanded != "true";
    row.classList.toggle("running", runs);
    row.ariaCurrent = runs || null;
  });
  button.hidden = !past;
  button.textContent = `${past} earlier ${unit}${past > 1 ? "s" : ""}`;
  button.onclick = () => { button.ariaExpanded = button.ariaExpanded != "true"; fold(); };
});
const mark = () => {
  if (!isRead) return;
  const [team, rotation] = ["team", "rotation"].map(key => byId(key)?.value ?? "");
  document.documentElement.className = rotation && "r" + rotation;
  all(".dates td").forEach(cell => {
    const found = [...cell.childNodes].map(each => named.get(each.data?.trim())).filter(Boolean);
    cell.classList.toggle("me", found.includes(me));
    cell.classList.toggle("out", !!team && !found.some(person => person.of.includes(+team)));
  });
  all("[data-team]").forEach(part => part.hidden = team && part.dataset.team != team);
  all(".grid tbody tr").forEach(row => row.classList.toggle("me", row.cells[0].textContent == me?.name));
};
// Browsers with scripts keep what is in a noscript as text: markup of this page, in which every name is escaped.
const unfold = ({ target }) => {
  const kept = target.querySelector("noscript");
  if (kept) kept.replaceWith(...new DOMParser().parseFromString(kept.textContent, "text/html").body.children);
  mark();
};

// The clock: everything is drawn again at the next instant, and each hour.

const tick = () => {
  now = Date.now();
  byId("now").replaceChildren(...rotations.map(card));
  const loud = warnings();
  byId("loud").hidden = !loud.length;
  byId("loud").replaceChildren(...loud);
  if (me) answer();
  if (isRead) fold();
  clearTimeout(timer);
  timer = setTimeout(tick, Math.min(36e5, (times.find(time => time > now) ?? Infinity) - now));
};
byId("find").hidden = false;
byId("find").onsubmit = event => {
  event.preventDefault();
  const [first] = candidates();
  if (first) location.hash = address(first);
};
byId("who").oninput = search;
addEventListener("hashchange", follow);
addEventListener("pageshow", tick);
document.addEventListener("visibilitychange", tick);
tick();
follow();
document.addEventListener("DOMContentLoaded", () => {
  isRead = true;
  const filters = byId("filters");
  if (filters) { filters.hidden = false; filters.onchange = mark; }
  all(".people details").forEach(each => each.ontoggle = unfold);
  fold();
  mark();
});
})();
