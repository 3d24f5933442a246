// What depends on the reader's clock and place: who is on duty, find-me, the running row; and the filters.
//
// `embedded.py` writes `data`, and says there what each place in a list is. An instant is a number in `times`; where
// there is none, `at` gives Infinity. Text of the roster only ever becomes text: no markup is made of it.
(() => {
"use strict";
let sum = 0, now, me, isRead, timer;
const byId = id => document.getElementById(":" + id),
  all = query => [...document.querySelectorAll(query)],
  data = JSON.parse(byId("data").textContent), { words } = data,
  times = data.times.map(step => sum += step * 1000),
  at = number => times[number] ?? Infinity,
  [who, own, find] = ["who", "own", "find"].map(byId);
const people = data.people.map(facts => Object.fromEntries(facts.map((fact, each) => [data.facts[each], fact]))),
  plain = text => text.normalize("NFD").replace(/^@|\p{M}/gu, "").toLowerCase(),
  named = new Map(people.map(person => [person.name, person])),
  rotations = data.rotations.map(([name, nobody, shifts, phases]) => ({
    name, phases, shifts: shifts.map(([seat, person, start, end, until = end, away = []]) => ({
      seat: data.seats[seat], duty: data.duties[seat], person: people[person], nobody,
      start: at(start), until: at(until), away: away.map(at)
    }))
  }));

// Words

// The language lays down what a moment reads as: "Mon Feb 08 2027 09:00:00 GMT+0100".
const dayAndHour = moment => {
    const [weekday, month, day, year, hour] = String(new Date(moment)).split(" ");
    return [`${weekday} ${+day} ${month}` + (year == new Date(now).getFullYear() ? "" : " " + year), hour.slice(0, 5)];
  },
  when = moment => dayAndHour(moment).join(", "),
  sentence = ([says, ...moments]) => (words[says] + " " + moments.map(at).map(when).join(" to ")).trim(),
  ends = shift => shift.until < Infinity ? "until " + when(shift.until) : "until its next start",
  span = shift => {
    const { start, until } = shift;
    if (until == Infinity) return when(start) + ", " + ends(shift);
    const [day, hour] = dayAndHour(start), [last, end] = dayAndHour(until);
    return `${hour == end ? day : when(start)} – ${day == last ? end : when(until)}`;
  },
  names = shifts => shifts.map(({ seat, person, nobody }) => `${seat} ${person?.name ?? nobody}`.trim()).join(", "),
  midnight = moment => new Date(moment).setHours(0, 0, 0, 0),
  inDays = moment => {
    const days = Math.round((midnight(moment) - midnight(now)) / 864e5);
    return ["today", "tomorrow"][days] ?? `in ${days} days`;
  },
  make = (tag, look, ...children) => {
    const kind = /svg|path/.test(tag) ? "2000/svg" : "1999/xhtml";
    const element = document.createElementNS("http://www.w3.org/" + kind, tag);
    for (const key in look) element.setAttribute(key, look[key]);
    element.append(...children.flat().filter(Boolean));
    return element;
  },
  small = text => make("small", {}, text), next = text => make("p", { class: "next" }, text),
  link = (href, text) => make("a", { href }, text);

// Who is on duty

const holder = ({ person, nobody, away }) => !person ? make("span", { class: "nobody" }, nobody) : [
  make("b", {}, person.name), make("span", {}, person.chat),
  person.email && link("mailto:" + encodeURIComponent(person.email), person.email),
  small(person.teams.map(each => data.names[each]).join(", ")),
  away.filter(time => time <= now).length % 2 && small("away today")],
  card = ({ name, shifts, phases }) => {
    const [, state, those, then, ...note] = phases.findLast(([since]) => at(since) <= now);
    const [on, coming] = [those, then].map(numbers => numbers.map(number => shifts[number]));
    // For find-me: in the panel of a person whose turn it is, too, nobody is on duty.
    shifts.forEach(shift => shift.off = state && sentence(note));
    const same = !state && on.every(shift => shift.until == on[0].until);
    // The last service before a handover: no pause is to come.
    const rests = same && note.length && at(note[1]) == on[0].until;
    return make("div", { class: "card " + ["", "idle", "alarm"][state] },
      make("h3", {}, name, same && small(ends(on[0]))),
      !rests && note.length && make("p", {}, sentence(note)),
      state ? on.length && next("Then: " + names(on)) : make("dl", {}, on.map((shift, each) => make("div", {},
        make("dt", {}, same ? shift.seat != on[each - 1]?.seat && shift.seat
          : (shift.seat && shift.seat + ", ") + ends(shift)),
        make("dd", {}, holder(shift))))),
      [...new Set(coming.map(shift => shift.start))].map(start =>
        next(`Next, from ${when(start)}: ` + names(coming.filter(shift => shift.start == start)))));
  };
const warn = () => {
  const loud = byId("loud");
  loud.replaceChildren(...data.warnings.filter(([since, until]) => at(since) <= now && now < at(until))
    .map(([, , ...note]) => make("p", {}, sentence(note), at(note[1]) > now && small(", " + inDays(at(note[1]))))));
  loud.hidden = !loud.firstChild;
};

// Find me

const candidates = () => {
  const wanted = plain(who.value.trim());
  const exact = people.filter(({ handle, name, chat }) => [handle, name, chat].some(each => plain(each) == wanted));
  return !wanted ? [] : exact.length ? exact : people.filter(person => wanted.split(/\s+/).every(word =>
    plain(person.name + " " + person.handle).split(/[\s._-]/).some(each => each.startsWith(word))));
};
const answer = () => {
  const mine = rotations.flatMap(rotation => rotation.shifts.filter(shift => shift.person == me))
    .sort((one, other) => one.start - other.start);
  const ahead = mine.filter(shift => shift.until > now), past = mine.filter(shift => shift.until <= now);
  const [first] = ahead;
  say(make("b", {}, me.name), ": " + (!first ? "no duty ahead in this plan"
    : first.start > now ? `next ${first.duty} ${when(first.start)} your time, ${inDays(first.start)}`
    : first.off ? first.duty + ". " + first.off
    : `now ${first.duty}, ${ends(first)} your time`));
  const list = shifts => make("ul", {}, shifts.map(shift =>
    make("li", {}, make("b", {}, shift.duty), make("span", {}, span(shift)))));
  own.replaceChildren(list(ahead),
    past.length ? make("details", {}, make("summary", {}, "Earlier: " + past.length), list(past)) : "",
    ...data.lines.filter(([person]) => people[person] == me).map(([, says, d]) => make("p", {}, small(words[says]),
      make("svg", { viewBox: "0 0 300 60", preserveAspectRatio: "none", "aria-hidden": true },
        make("path", { d: "M0 30H300" }), make("path", { d })))),
    me.feed ? link(me.feed, "Subscribe to your calendar") : "", me.path ? link(me.path, "Calendar file") : "");
};
const say = (...children) => {
  byId("found").hidden = !children.length;
  const old = byId("answer"), said = make("p", {}, children);
  // The same words again would be read out again.
  if (old.textContent != said.textContent) old.replaceChildren(...said.childNodes);
  own.replaceChildren();
};
const unknown = name => say(`Nobody here is called “${name}”`), address = person => "#" + person.handle;
const show = person => {
  me = person;
  me ? answer() : say();
  mark();
};
// A link to each of several people; to one of them, as if it had been followed.
const search = () => {
  const found = candidates(), [person] = found, typed = who.value.trim();
  if (found.length == 1) {
    location[me ? "replace" : "assign"](address(person));
    return show(person);
  }
  if (location.hash) history.replaceState(null, "", "#");
  show();
  if (typed) person ? say(found.length + " people:") : unknown(typed);
  own.replaceChildren(...found.slice(0, 12).map(each => link(address(each), each.name)));
};
const follow = () => {
  const { hash } = location;
  const person = people.find(each => plain(address(each)) == plain(hash));
  if (hash[1] == ":" || me && person == me) return;
  if (own.contains(document.activeElement)) who.focus();
  who.value = person?.name ?? "";
  show(person);
  if (!person && hash[1]) unknown(hash.slice(1));
};

// The tables

const fold = () => data.tables.forEach(([unit, starts], number) => {
  const rows = all(`.d${number} tbody tr`), button = byId("past" + number);
  const past = rows.filter((_, row) => at(starts[row + 1]) <= now).length;
  rows.forEach((row, each) => {
    const runs = each == past && at(starts[each]) <= now;
    row.hidden = each < past && button.ariaExpanded != "true";
    row.classList.toggle("running", runs);
    row.ariaCurrent = runs || null;
  });
  button.hidden = !past;
  button.textContent = `${past} earlier ${unit}${past > 1 ? "s" : ""}`;
  button.onclick = () => { button.ariaExpanded = button.ariaExpanded != "true"; fold(); };
}),
  mark = () => {
    if (!isRead) return;
    const [team, rotation] = ["team", "rotation"].map(key => byId(key)?.value ?? "");
    document.body.className = rotation && "r" + rotation;
    all(".dates td").forEach(cell => {
      const found = [...cell.childNodes].map(each => named.get(each.data?.trim())).filter(Boolean);
      cell.classList.toggle("me", found.includes(me));
      cell.classList.toggle("out", !!team && !found.some(person => person.teams.includes(+team)));
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
  warn();
  if (me) answer();
  if (isRead) fold();
  clearTimeout(timer);
  timer = setTimeout(tick, Math.min(36e5, times.find(time => time > now) - now || 36e5));
};
byId("zone")?.prepend(`Times here are yours (${Intl.DateTimeFormat().resolvedOptions().timeZone}). `);
find.hidden = false;
find.onsubmit = event => {
  event.preventDefault();
  const [first] = candidates();
  if (first) location.hash = address(first);
};
who.oninput = search;
onhashchange = follow;
document.onvisibilitychange = onpageshow = tick;
tick();
follow();
addEventListener("DOMContentLoaded", () => {
  isRead = true;
  const filters = byId("filters") ?? {};
  filters.hidden = false;
  filters.onchange = mark;
  all(".people details").forEach((each, part) => {
    if (at(data.parts[part]) <= now) each.open = false;
    each.ontoggle = unfold;
  });
  fold();
  mark();
});
})();
