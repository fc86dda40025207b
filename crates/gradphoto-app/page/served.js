// The host behind the page when the program runs: everything is asked of it.

import { visible } from "./words.js";

/** @typedef {import("./types.d.ts").Row} Row */
/** @typedef {import("./types.d.ts").Meta} Meta */
/** @typedef {import("./types.d.ts").Details} Details */
/** @typedef {import("./types.d.ts").Run} Run */
/** @typedef {import("./types.d.ts").Words} Words */

/**
 * @typedef {object} State
 * @property {string} version
 * @property {string} engine
 * @property {{id: string, name: string, title: Words}[]} profiles
 * @property {string} profile The one in force, by its id.
 * @property {string | null} folder
 * @property {string | null} results
 * @property {{name: string, students: number, read: Words} | null} roster
 * @property {string[]} tables Beside the photos, while there is no roster.
 * @property {import("./types.d.ts").Beside} beside What lies there, may be photos and was not looked at.
 * @property {string[]} recent
 * @property {string | null} watching
 * @property {Words | null} unreached Why nothing comes from there, and what to do.
 * @property {{name: string, why: Words}[]} passed_over What has come there and cannot be judged.
 * @property {number | null} now
 * @property {Shot[]} shots
 */
/** @typedef {{id: number, student: number | null, at: string}} Shot */
/** @typedef {{stamp: number, run: Run, state: State, meta: Meta | null, rows: Row[] | null, changed: Row[]}} Changes */

/** What the program refuses, in words for people. */
export class Refused extends Error {
  /** @param {Words} words */
  constructor(words) {
    super(words.en);
    this.words = words;
  }
}

const LOST = { zh: "与程序的连接已断开。请重新打开 gradphoto。", en: "The program has stopped. Start gradphoto again." };

/** @param {Blob} file */
const unread = (file) => {
  const name = file instanceof File ? visible(file.name) : "";
  return {
    zh: `读不出文件 ${name}：可能已移动、改名或删除，或者正被其他程序占用。请重新选择。`,
    en: `The file ${name} cannot be read: it may have been moved, renamed or deleted, or another program uses it. Choose it again.`,
  };
};

/**
 * Asks the program; `body` is sent as it is when it is bytes, else as JSON.
 * @param {string} path @param {unknown} [body] @param {Record<string, string>} [headers] @returns {Promise<Response>}
 */
export async function ask(path, body, headers = {}) {
  const isBytes = body instanceof Blob;
  // Sent as a file, one that cannot be read would look like a program that has stopped.
  const bytes = isBytes ? await body.arrayBuffer().catch(() => { throw new Refused(unread(body)); }) : null;
  /** @type {RequestInit} */
  const request = body === undefined ? {} : {
    method: "POST",
    body: bytes ?? JSON.stringify(body),
    headers: { "Content-Type": isBytes ? "application/octet-stream" : "application/json", ...headers },
  };
  const answer = await fetch(`api/${path}`, request).catch(() => { throw new Refused(LOST); });
  if (answer.ok) return answer;
  const told = await answer.json().catch(() => null);
  throw new Refused(told?.error ?? { zh: `程序出错（${answer.status}）。`, en: `The program failed (${answer.status}).` });
}

/** @param {string} path @param {unknown} [body] @param {Record<string, string>} [headers] */
export const asked = async (path, body, headers) => (await ask(path, body, headers)).json();

/** Rows at the places of their ids; photos still to be looked at leave gaps. @param {Row[]} rows */
function byId(rows) {
  /** @type {Row[]} */
  const placed = [];
  for (const row of rows) placed[row.id] = row;
  return placed;
}

/** The program as a host; `state` and `run` are its own. */
export class Served {
  served = true;
  /** @type {Meta} */ #meta;
  /** @type {Row[]} */ #rows = [];
  /** @type {Set<() => void>} */ #listeners = new Set();
  /** @type {State} */ state;
  /** @type {Run} */ run;
  /** Whether the program no longer answers. */
  lost = false;
  /** The folder that was open here until another tab opened the present one. @type {string | null} */
  left = null;
  /** The folder that was asked for here; `null` while the program is asked. @type {string | null} */
  #asked = "";

  /** @param {Changes} first */
  constructor(first) {
    this.#meta = /** @type {Meta} */ (first.meta);
    this.#rows = byId(first.rows ?? []);
    this.state = first.state;
    this.run = first.run;
    this.#follow(first.stamp);
  }

  /** @returns {Promise<Served>} */
  static async open() {
    return new Served(await asked("changes"));
  }

  /** @param {number} stamp */
  async #follow(stamp) {
    for (;;) {
      try {
        const changes = await asked(`changes?since=${stamp}`);
        stamp = changes.stamp;
        this.lost = false;
        this.#take(changes);
      } catch {
        this.lost = true;
        await new Promise((wake) => { setTimeout(wake, 1500); });
      }
      for (const call of this.#listeners) call();
    }
  }

  /**
   * Opens a folder, to check it or to watch it: this tab wants it, and is told when another one opens another.
   * @param {"open" | "watch"} how @param {string} path
   */
  async opens(how, path) {
    const before = this.#asked;
    this.#asked = null;
    try {
      this.#asked = (await asked(how, { path })).folder;
      this.left = null;
    } catch (error) {
      this.#asked = before;
      throw error;
    }
  }

  /** The folder that another tab opened is as good. */
  stay() {
    this.left = null;
    for (const call of this.#listeners) call();
  }

  /** @param {Changes} changes */
  #take(changes) {
    const [before, { folder }] = [this.state.folder, changes.state];
    if (folder !== before && this.#asked !== null) this.left = folder === this.#asked ? null : before;
    this.run = changes.run;
    this.state = changes.state;
    if (changes.meta) this.#meta = changes.meta;
    if (changes.rows) this.#rows = byId(changes.rows);
    for (const row of changes.changed) this.#rows[row.id] = row;
    if (changes.changed.length) this.#rows = [...this.#rows];
  }

  meta() { return this.#meta; }
  rows() { return this.#rows; }
  /** @param {Row} row @returns {Promise<Details>} */
  details(row) { return asked(`details/${row.id}`); }
  /** @param {Row} row */
  picture(row) { return `api/picture/${row.id}?sha=${row.sha256.slice(0, 12)}`; }
  /** @param {Row} row */
  original(row) { return row.verdict === "unread" ? null : `api/photo/${row.id}?sha=${row.sha256.slice(0, 12)}`; }
  /** @param {Row} row @param {import("./types.d.ts").Saying} said */
  async say(row, said) {
    await asked("say", { id: row.id, sha256: row.sha256, who: this.clerk(), ...said });
    // What is known to be kept is shown at once; the program tells the rest.
    const own = { ...said, who: this.clerk(), at: new Date().toISOString() };
    const others = row.said.filter((each) => each.who !== own.who);
    this.#rows = this.#rows.map((each) => (each.photo === row.photo && each.sha256 === row.sha256
      ? { ...each, said: said.decision || said.note ? [...others, own] : others } : each));
    for (const call of this.#listeners) call();
  }
  clerk() { return localStorage.getItem("clerk") ?? ""; }
  /** @param {string} name */
  setClerk(name) { localStorage.setItem("clerk", name); }
  /** @param {() => void} call */
  onChange(call) {
    this.#listeners.add(call);
    return () => { this.#listeners.delete(call); };
  }
}
