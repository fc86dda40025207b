// The contact sheet: filters, and only the tiles in sight, since a school has thousands.

import { html, useEffect, useLayoutEffect, useRef, useState } from "./vendor/preact.js";
import { decided, isDisputed } from "./decisions.js";
import { Badge, faultsOf, fileName, isMeant, nameOf, placeOf, wordsOf } from "./parts.js";
import { say, told, visible } from "./words.js";

/** @typedef {import("./types.d.ts").Row} Row */
/** @typedef {import("./types.d.ts").Meta} Meta */
/** @typedef {import("./batch.js").Filter} Filter */

const TILE_WIDTH = 164;
const TILE_HEIGHT = 302;

/** @param {{host: import("./batch.js").Host, rows: Row[], all: Row[], isWhole: boolean, filter: Filter, onFilter: (filter: Filter) => void, onView: (at: number) => void}} _ */
export function Sheet({ host, rows, all, isWhole, filter, onFilter, onView }) {
  const meta = host.meta();
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const [window_, setWindow] = useState({ columns: 1, first: 0, last: 0 });
  const measure = () => {
    const sheet = box.current;
    if (!sheet) return;
    const columns = Math.max(1, Math.floor((sheet.clientWidth - 4) / TILE_WIDTH));
    const first = Math.max(0, Math.floor(sheet.scrollTop / TILE_HEIGHT) - 1) * columns;
    const last = (Math.ceil((sheet.scrollTop + sheet.clientHeight) / TILE_HEIGHT) + 1) * columns;
    setWindow((before) => (before.columns === columns && before.first === first && before.last === last ? before : { columns, first, last }));
  };
  useLayoutEffect(measure, [rows.length]);
  useEffect(() => {
    if (box.current) box.current.scrollTop = 0;
    measure();
  }, [filter]);
  useEffect(() => {
    addEventListener("resize", measure);
    return () => removeEventListener("resize", measure);
  }, []);

  const set = (/** @type {keyof Filter} */ name) => (/** @type {Event} */ event) => onFilter({ ...filter, [name]: /** @type {HTMLInputElement} */ (event.target).value });
  const select = (/** @type {keyof Filter} */ name, /** @type {string} */ label, /** @type {[string, string][]} */ options) => html`
    <select name=${name} aria-label=${label} value=${filter[name]} onChange=${set(name)}>
      <option value="">${label}</option>${options.map(([value, words]) => html`<option value=${value} selected=${value === filter[name]}>${words}</option>`)}</select>`;
  const verdicts = /** @type {const} */ (["fail", "review", "unread", "pass"]);
  const found = new Set(all.flatMap((row) => row.marks.map(([rule]) => rule)));
  const across = new Set(all.flatMap((row) => row.notes));
  const rules = /** @type {[string, string][]} */ ([
    ...meta.across.filter((rule, index) => across.has(index) || rule.id === filter.rule).map((rule) => [rule.id, told(rule.name)]),
    ...meta.rules.filter((rule, index) => found.has(index) || rule.id === filter.rule).map((rule) => [rule.id, told(rule.name)]),
  ]);
  const { columns, first, last } = window_;
  const served = host.served ? /** @type {import("./served.js").Served} */ (host) : null;
  const isEmpty = served?.run.state === "done" && !served.state.watching && !all.length;
  const isFiltered = Object.values(filter).some(Boolean);
  const wanted = wordsOf(filter.text);
  const without = wanted.length ? meta.students.filter((student, index) => (
    student.who && isMeant(student, wanted) && !all.some((row) => row.student === index))).slice(0, 8) : [];
  return html`<section>
    <form class="filters" role="search" onSubmit=${(/** @type {Event} */ event) => event.preventDefault()}>
      <input id="search" type="search" name="text" placeholder=${`${say("search")}（/）`} aria-label=${say("search")} value=${filter.text} onInput=${set("text")} />
      ${select("verdict", say("anyVerdict"), verdicts.map((verdict) => [verdict, say(verdict)]))}
      ${select("rule", say("anyRule"), rules)}
      ${select("place", say("anyPlace"), places(all, meta, filter.place).map((place) => [place, place]))}
      ${select("decision", say("anyDecision"), [["waiting", say("undecided")], ["decided", say("decided")], ["accept", say("accept")], ["reject", say("reject")], ["override", say("override")], ["contested", say("contested")]])}
      ${isFiltered ? html`<button type="button" id="clear" onClick=${() => onFilter({ text: "", verdict: "", rule: "", place: "", decision: "" })}>${say("clear")}</button>` : null}
      <output id="count">${say("shown", rows.length, all.length)}</output>
    </form>
    ${without.length ? html`<div class="without"><b>${say(isWhole ? "noPhoto" : "noPhotoSoFar")}</b><ul>${without.map((student) => html`
      <li>${visible(student.who ?? "")}　${visible([student.department, student.class].filter(Boolean).join(" "))}${student.when ? `　${visible(student.when)}` : ""}</li>`)}</ul></div>` : null}
    ${rows.length ? html`<div class="sheet" id="sheet" ref=${box} tabindex="0" role="region" aria-label=${say("subSheet")} onScroll=${measure}>
        <div class="sheet-area" style=${`height:${Math.ceil(rows.length / columns) * TILE_HEIGHT + 8}px`}>
          ${rows.slice(first, last).map((row, i) => tile(host, meta, row, first + i, columns, onView))}
        </div></div>` : html`<p class="nothing">${say(isEmpty ? "noPhotos" : "nothing")}</p>`}
  </section>`;
}

/** @param {import("./batch.js").Host} host @param {Meta} meta @param {Row} row @param {number} at @param {number} columns @param {(at: number) => void} onView */
function tile(host, meta, row, at, columns, onView) {
  const left = 6 + (at % columns) * TILE_WIDTH;
  const top = 6 + Math.floor(at / columns) * TILE_HEIGHT;
  const choice = isDisputed(row) ? "contested" : decided(row)?.decision;
  const why = row.fate === "retaken" ? say("retaken") : [...row.notes.map((rule) => told(meta.across[rule].name)), ...faultsOf(meta, row)].join(say("between"));
  return html`<button class="tile" key=${row.id} style=${`left:${left}px;top:${top}px`} title=${visible(row.photo)} data-id=${row.id} onClick=${() => onView(at)}>
    <span class="thumb">${host.picture(row) && row.verdict !== "unread" ? html`<img src=${host.picture(row)} alt="" loading="lazy" decoding="async" />` : html`<span class="no-picture">!</span>`}</span>
    <span class="tile-badges"><${Badge} kind=${row.verdict} />${choice ? html`<${Badge} kind=${choice} />` : null}</span>
    <span class="tile-name">${nameOf(row)}</span>
    <span class="tile-why">${why || (row.who ? fileName(row.photo) : placeOf(row))}</span>
  </button>`;
}

/**
 * Every department, major and class, each before what it contains; also those of the roster without a photo, and the chosen one, which a
 * new roster may not have.
 * @param {Row[]} rows @param {Meta} meta @param {string} chosen
 */
function places(rows, meta, chosen) {
  /** @type {Set<string>} */
  const all = new Set();
  for (const row of rows) {
    const names = row.place.map(visible);
    names.forEach((_, depth) => all.add(names.slice(0, depth + 1).join(" / ")));
  }
  for (const student of meta.students) if (student.department) all.add(visible(student.department));
  if (chosen) all.add(chosen);
  return [...all];
}
