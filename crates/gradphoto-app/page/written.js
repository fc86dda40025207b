// The host of report.html: everything was written into the page, and decisions stay in this browser until they are exported.

import { decisionsFromCsv, decisionsToCsv } from "./csv.js";

/** @typedef {import("./types.d.ts").Row} Row */
/** @typedef {import("./types.d.ts").Meta} Meta */
/** @typedef {import("./types.d.ts").Details} Details */
/** @typedef {import("./types.d.ts").Said} Said */
/** @typedef {import("./types.d.ts").Choice} Choice */

/** @param {string} id */
const written = (id) => document.getElementById(id)?.textContent ?? "";

/** Finds a line of a very long text without copying the whole. @param {string} lines @returns {(index: number) => string} */
function lineIndex(lines) {
  const first = lines.startsWith("\n") ? 1 : 0;
  const starts = [first];
  for (let at = lines.indexOf("\n", first); at >= 0; at = lines.indexOf("\n", at + 1)) starts.push(at + 1);
  return (index) => lines.slice(starts[index], starts[index + 1] ?? lines.length).trim();
}

export const isWritten = () => document.getElementById("meta") !== null;

export class Written {
  served = false;
  /** @type {Set<() => void>} */ #listeners = new Set();

  constructor() {
    /** @type {Meta} */ this.of = JSON.parse(written("meta"));
    /** @type {Row[]} */ this.all = written("rows").trim().split("\n").filter(Boolean).map((line) => JSON.parse(line));
    this.told = this.all.map((row) => row.said);
    this.lineOf = lineIndex(written("details"));
    this.pictureOf = lineIndex(written("pictures"));
    this.key = `gradphoto:${this.of.profile}`;
    /** @type {Record<string, Said>} */ this.kept = {};
    try { this.kept = JSON.parse(localStorage.getItem(this.key) ?? "{}"); } catch { /* no storage here: decisions live until export */ }
    for (const row of this.all) this.#apply(row);
  }

  /** @param {Row} row */
  #keyOf(row) { return `${row.sha256}\n${row.photo}`; }

  /** What the run was told stands until a person changes it here. @param {Row} row */
  #apply(row) {
    const own = this.kept[this.#keyOf(row)];
    row.said = own ? [own] : this.told[row.id];
  }

  /** @param {Row} row @param {Said} said */
  #keep(row, said) {
    const isNothing = !said.decision && !said.note && !this.told[row.id].length;
    if (isNothing) delete this.kept[this.#keyOf(row)]; else this.kept[this.#keyOf(row)] = said;
    this.#apply(row);
  }

  #save() {
    try { localStorage.setItem(this.key, JSON.stringify(this.kept)); } catch { /* as above */ }
    this.all = [...this.all];
    for (const call of this.#listeners) call();
  }

  meta() { return this.of; }
  rows() { return this.all; }
  /** @param {Row} row @returns {Promise<Details>} */
  async details(row) { return JSON.parse(this.lineOf(row.id)); }
  /** @param {Row} row */
  picture(row) {
    const base64 = this.pictureOf(row.id);
    return base64 ? `data:image/jpeg;base64,${base64}` : "";
  }
  /** @param {Row} _row @param {Details} details */
  original(_row, details) { return details.link; }
  /** @param {Row} row @param {import("./types.d.ts").Saying} said */
  async say(row, said) {
    this.#keep(row, { ...said, who: this.clerk(), at: new Date().toISOString() });
    this.#save();
  }
  clerk() {
    try { return localStorage.getItem("clerk") ?? ""; } catch { return ""; }
  }
  /** @param {string} name */
  setClerk(name) {
    try { localStorage.setItem("clerk", name); } catch { /* as above */ }
  }
  /** @param {() => void} call */
  onChange(call) {
    this.#listeners.add(call);
    return () => { this.#listeners.delete(call); };
  }

  /** The file that `--decisions` reads. */
  exported() { return decisionsToCsv(this.all); }

  /** @param {string} content @returns {{imported: number, unmatched: number} | null} what became of it; null for another file */
  imported(content) {
    const rows = decisionsFromCsv(content);
    if (!rows) return null;
    const known = new Map(this.all.map((row) => [this.#keyOf(row), row]));
    let imported = 0;
    for (const { photo, sha256, ...said } of rows) {
      const row = known.get(`${sha256}\n${photo}`);
      if (!row) continue;
      this.#keep(row, { ...said, at: new Date().toISOString() });
      imported += 1;
    }
    this.#save();
    return { imported, unmatched: rows.length - imported };
  }
}
