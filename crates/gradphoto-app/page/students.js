// The roster: departments and classes by what is left to do, who has no photo, what is to be sorted out.

import { html, useState } from "./vendor/preact.js";
import { bar } from "./bar.js";
import { placeOf } from "./parts.js";
import { say, told, visible } from "./words.js";

/** @typedef {import("./types.d.ts").Row} Row */
/** @typedef {{name: string, department: string, place: string, all: number, done: number, granted: number, collected: number, review: number, reprocess: number, retake: number, missing: number}} Counts */

const KINDS = /** @type {const} */ (["done", "granted", "collected", "review", "reprocess", "retake", "missing"]);

/**
 * @param {{host: import("./batch.js").Host, rows: Row[], statuses: string[],
 *   isWhole: boolean, onShow: (filter: Partial<import("./batch.js").Filter>) => void, onView: (rows: Row[], at: number) => void}} _
 */
export function Students({ host, rows, statuses, isWhole, onShow, onView }) {
  const meta = host.meta();
  const [chosen, setChosen] = useState(/** @type {string | null | undefined} */ (undefined));
  const toSortOut = rows.filter((row) => row.notes.length);
  const counts = counted(meta, statuses);
  // The only one, such as that of a roster which names none, is open until it is closed.
  const open = chosen === undefined && counts.departments.length === 1 ? counts.departments[0].name : chosen ?? null;
  const missing = meta.students.filter((student, index) => statuses[index] === "missing" && (open === null || visible(student.department) === open));
  const line = (/** @type {Counts} */ each, /** @type {boolean} */ isClass) => html`<tr class=${isClass ? "class-line" : ""}>
    <td>${isClass ? html`<button class="link" onClick=${() => onShow({ place: each.place, text: "" })}>${each.name || say("none")}</button>`
      : html`<button class="link" aria-expanded=${open === each.name} onClick=${() => setChosen(open === each.name ? null : each.name)}>${each.name || say("none")}</button>`}</td>
    <td class="figure">${each.all}</td>${KINDS.map((kind) => html`<td class="figure">${each[kind] || ""}</td>`)}
    <td class="bar-cell">${bar(KINDS.map((kind) => [kind, each[kind]]), each.all)}</td></tr>`;
  return html`<section class="students">
    ${meta.students.length && !isWhole ? html`<p class="soft" id="so-far">${say("missingSoFar")}</p>` : null}
    ${meta.students.length ? html`<div class="scroll"><table class="bars" id="by-department">
      <thead><tr><th>${say("department")}</th><th class="figure">${say("people")}</th>${KINDS.map((kind) => html`<th class="figure">${say(kind)}</th>`)}<th>${say("share")}</th></tr></thead>
      <tbody>${counts.departments.map((each) => [line(each, false), ...(open === each.name ? counts.classes.filter((klass) => klass.department === each.name).map((klass) => line(klass, true)) : [])])}</tbody>
    </table></div>` : html`<p class="nothing">${say("noRoster")}</p>`}
    ${toSortOut.length ? html`<h3>${say("lists")}（${toSortOut.length}）</h3><ul class="to-sort">${toSortOut.slice(0, 200).map((row, at) => html`
      <li><button class="link" onClick=${() => onView(toSortOut, at)}>${visible(row.photo)}</button> ${row.notes.map((rule) => told(meta.across[rule].name)).join(say("between"))}</li>`)}</ul>` : null}
    ${missing.length ? html`<h3>${say("missingList")}（${missing.length}）</h3><div class="scroll"><table class="plain" id="missing">
      <thead><tr><th>${say("name")}</th><th>${say("department")}</th><th>${say("klass")}</th><th>${say("when")}</th></tr></thead>
      <tbody>${missing.slice(0, 2000).map((student) => html`<tr><td>${visible(student.who ?? "")}${student.may_have ? html` <span class="soft">${say("mayHave")}</span>` : null}</td><td>${visible(student.department)}</td>
        <td>${visible(student.class)}</td><td>${visible(student.when)}</td></tr>`)}</tbody></table></div>` : null}
    ${meta.unused.length ? html`<h3>${say("unusedDecisions")}</h3><ul class="to-sort" id="unused">${meta.unused.map((unused) => html`<li>${visible(unused.photo)}：${visible(told(unused.reason))}</li>`)}</ul>` : null}
  </section>`;
}

/** Departments and their classes, those with most to do first. @param {import("./types.d.ts").Meta} meta @param {string[]} statuses */
function counted(meta, statuses) {
  /** @type {Map<string, Counts>} */ const departments = new Map();
  /** @type {Map<string, Counts>} */ const classes = new Map();
  const of = (/** @type {Map<string, Counts>} */ all, /** @type {string} */ place, /** @type {string} */ name, /** @type {string} */ department) => {
    const counts = all.get(place) ?? { name, department, place, all: 0, done: 0, granted: 0, collected: 0, review: 0, reprocess: 0, retake: 0, missing: 0 };
    all.set(place, counts);
    return counts;
  };
  meta.students.forEach((student, index) => {
    const department = visible(student.department);
    const klass = [student.major, student.class].filter(Boolean).map(visible).join(" / ");
    for (const counts of [of(departments, department, department, department), of(classes, placeOf(student), klass, department)]) {
      counts.all += 1;
      counts[/** @type {"done"} */ (statuses[index])] += 1;
    }
  });
  const toDo = (/** @type {Counts} */ counts) => counts.review + counts.reprocess + counts.retake + counts.missing;
  const sorted = (/** @type {Map<string, Counts>} */ all) => [...all.values()].sort((a, b) => toDo(b) - toDo(a));
  return { departments: sorted(departments), classes: sorted(classes) };
}
