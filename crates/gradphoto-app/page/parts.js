// Small parts that every view uses.

import { html, useEffect, useLayoutEffect, useRef, useState } from "./vendor/preact.js";
import { say, told, visible } from "./words.js";

/** @typedef {import("./types.d.ts").Row} Row */
/** @typedef {import("./types.d.ts").Finding} Finding */
/** @typedef {import("./types.d.ts").Marked} Marked */
/** @typedef {import("./types.d.ts").Meta} Meta */
/** @typedef {import("./types.d.ts").Mark} Mark */

/** A shape beside each colour: not everybody sees the colour. */
export const SIGN = {
  pass: "✓", fail: "✗", review: "?", unread: "!", "not-assessed": "–", advice: "*", done: "✓", granted: "✓", collected: "✓", reprocess: "◇", retake: "↻", missing: "○",
  accept: "✓", reject: "✗", override: "✓", contested: "≠",
};

/** @param {{kind: keyof typeof SIGN, big?: boolean}} _ */
export function Badge({ kind, big }) {
  return html`<span class=${`badge ${kind} ${big ? "big" : ""}`}><i aria-hidden="true">${SIGN[kind]}</i> ${say(kind)}</span>`;
}

/** What is gravest comes first. */
export const GRAVITY = /** @type {Mark[]} */ (["fail", "review", "advice", "not-assessed"]);

/** The findings with this mark. @param {Finding[]} findings @param {Mark} mark */
export const markedBy = (findings, mark) => /** @type {Marked[]} */ (findings.filter((finding) => finding.mark === mark));

/**
 * What was found, in the order in which a person should read it; numbers are those of the picture's frames.
 * @param {Finding[]} findings @returns {{finding: Marked, number: number | null}[]}
 */
export function numbered(findings) {
  let number = 0;
  const marked = GRAVITY.flatMap((mark) => markedBy(findings, mark));
  return marked.map((finding) => ({ finding, number: finding.mark === "not-assessed" ? null : (number += 1) }));
}

/**
 * A photo with frames around what was found.
 * @param {{source: string, size: [number, number] | null, findings: Finding[], lit?: number | null, alt: string}} _
 */
export function Picture({ source, size, findings, lit, alt }) {
  const framed = numbered(findings).filter(({ finding }) => finding.region && finding.mark !== "not-assessed");
  const [width, height] = size ?? [480, 640];
  const unit = Math.max(width, height) / 640;
  // The first frame is the gravest and lies on top.
  const frames = framed.reverse().map(({ finding, number }) => {
    const [x, y, w, h] = /** @type {import("./types.d.ts").Region} */ (finding.region);
    const dim = lit && lit !== number;
    return html`<g class=${`frame ${finding.mark} ${dim ? "dim" : ""}`}>
      <rect x=${x} y=${y} width=${w} height=${h} rx=${4 * unit} stroke-width=${2.5 * unit} />
      <circle cx=${x + 11 * unit} cy=${y + 11 * unit} r=${11 * unit} />
      <text x=${x + 11 * unit} y=${y + 15.5 * unit} font-size=${13 * unit} text-anchor="middle">${number}</text>
    </g>`;
  });
  return html`<div class="picture" style=${`aspect-ratio:${width}/${height}`}>
    ${source ? html`<img src=${source} alt=${alt} />` : html`<div class="no-picture">!</div>`}
    <svg viewBox=${`0 0 ${width} ${height}`} aria-hidden="true">${frames}</svg>
  </div>`;
}

/**
 * What was found, what to do, and everything else behind a fold.
 * @param {{rules: Meta["rules"], findings: Finding[], onLight?: (number: number | null) => void}} _
 */
export function Findings({ rules, findings, onLight }) {
  const all = numbered(findings);
  const group = (/** @type {Mark[]} */ marks) => all.filter(({ finding }) => marks.includes(finding.mark));
  const item = (/** @type {{finding: Marked, number: number | null}} */ { finding, number }) => {
    const rule = rules[finding.rule];
    return html`<li class=${`finding ${finding.mark}`} onMouseEnter=${() => onLight?.(number)} onMouseLeave=${() => onLight?.(null)}>
      <span class="number" aria-hidden="true">${number ?? SIGN["not-assessed"]}</span>
      <div>
        <p class="reason">${visible(told(finding.reason))}</p>
        <p class="figures"><b>${told(finding.name)}</b>
          ${finding.value && finding.figure ? html`<span>${say("figure")} ${told(finding.value)}</span><span>${say("allowed")} ${told(rule.limit)}</span>` : null}
          ${rule.clause === "—" ? null : html`<span>${say("clause")} ${rule.clause}</span>`}
        </p>
      </div>
    </li>`;
  };
  const must = group(["fail", "review"]);
  const advice = group(["advice"]);
  const unknown = group(["not-assessed"]);
  const rest = findings.filter((finding) => !finding.mark);
  return html`<div class="findings">
    ${must.length ? html`<h3>${say(must.some(({ finding }) => finding.mark === "fail") ? "whatToDo" : "lookAt")}</h3><ol>${must.map(item)}</ol>` : null}
    ${advice.length ? html`<h3>${say("ifYouLike")}</h3><ol>${advice.map(item)}</ol>` : null}
    ${unknown.length ? html`<h3>${say("unknown")}</h3><ol>${unknown.map(item)}</ol>` : null}
    ${rest.length ? html`<details><summary>${say("rest", rest.length)}</summary><table class="plain">
      <thead><tr><th>${say("rule")}</th><th>${say("figure")}</th><th>${say("allowed")}</th><th>${say("clause")}</th></tr></thead>
      <tbody>${rest.map((finding) => {
        const rule = rules[finding.rule];
        return html`<tr><td>${told(rule.name)}</td><td>${finding.value ? told(finding.value) : "—"}</td>
          <td>${told(rule.limit)}</td><td>${rule.clause}</td></tr>`;
      })}</tbody></table></details>` : null}
  </div>`;
}

/**
 * A window over the page; Escape closes it.
 * @param {{title: string, onClose: () => void, children?: unknown, wide?: boolean}} _
 */
export function Window({ title, onClose, children, wide }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useModal(dialog);
  return html`<dialog ref=${dialog} class=${wide ? "wide" : ""} aria-label=${title} onClose=${onClose}
      onCancel=${(/** @type {Event} */ event) => { event.preventDefault(); onClose(); }}>
    <header><h2>${title}</h2><button class="quiet" onClick=${onClose} aria-label=${say("close")}>✕</button></header>
    ${children}
  </dialog>`;
}

/** The student of a key, by name where the page knows it. @param {Meta} meta @param {string} key */
export const whoOf = (meta, key) => visible(meta.students.find((each) => each.key === key)?.who ?? key);

/**
 * Finds a student by number, code or name.
 * @param {{meta: Meta, chosen: string, onChosen: (key: string) => void, autofocus?: boolean}} _
 */
export function Whose({ meta, chosen, onChosen, autofocus }) {
  const [text, setText] = useState("");
  const wanted = wordsOf(text);
  const found = wanted.length ? meta.students.filter((each) => isMeant(each, wanted)).slice(0, 6) : [];
  const student = meta.students.find((each) => each.key === chosen);
  // A scanner ends with Enter.
  const enter = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    if (found.length === 1) onChosen(found[0].key ?? "");
  };
  return html`<div class="whose"><label><b>${say("whoseTitle")}</b>
      <input id="whose" value=${text} placeholder=${say("whoseHint")} autocomplete="off" autofocus=${autofocus} onKeyDown=${enter} onInput=${(/** @type {Event} */ event) => { setText(/** @type {HTMLInputElement} */ (event.target).value); onChosen(""); }} /></label>
    ${student ? html`<p>✓ ${visible(student.who ?? chosen)}</p>` : null}
    ${!student && wanted.length ? (found.length ? html`<ul>${found.map((each) => html`<li><button type="button" onClick=${() => onChosen(each.key ?? "")}>${visible(each.who ?? "")}　${placeOf(each)}</button></li>`)}</ul>`
      : html`<p class="soft">${say(meta.students.some((each) => each.key === null) ? "whoseNoneWithout" : "whoseNone")}</p>`) : null}
  </div>`;
}

/** Draws anew whenever `subscribe` calls back. @param {(call: () => void) => () => void} subscribe */
export function useChanges(subscribe) {
  const [, draw] = useState(0);
  useEffect(() => subscribe(() => draw((n) => n + 1)), []);
}

/** @type {Map<string, any>} */
const kept = new Map();
/** @type {Set<() => void>} */
const keepers = new Set();

/**
 * State that outlives its view: who comes back finds it as it was left, or as it has become since. Under another name it
 * begins anew.
 * @template T @param {string} name @param {T} first @returns {[T, (next: T | ((before: T) => T)) => void]}
 */
export function useKept(name, first) {
  const [, draw] = useState(0);
  useLayoutEffect(() => {
    const call = () => draw((n) => n + 1);
    keepers.add(call);
    return () => { keepers.delete(call); };
  }, []);
  const now = () => (kept.has(name) ? kept.get(name) : first);
  return [now(), (next) => {
    kept.set(name, typeof next === "function" ? /** @type {Function} */ (next)(now()) : next);
    for (const call of keepers) call();
  }];
}

/** Opens a window over the page; once it is gone, the keyboard is back where it was. @param {{current: HTMLDialogElement | null}} dialog */
export function useModal(dialog) {
  useLayoutEffect(() => {
    const shown = dialog.current;
    if (!shown?.open) shown?.showModal();
    return () => {
      // Whoever took it away knows; the event comes later and would close what is open by then.
      shown?.addEventListener("close", (event) => event.stopImmediatePropagation(), { capture: true });
      shown?.close();
    };
  }, []);
}

/** Name of the file alone. @param {string} path */
export const fileName = (path) => visible(path.split(/[\\/]/).pop() ?? path);

/** Department, major and class: classes of one name in two of them are two. @param {{place: string[]}} of a photo or a student */
export const placeOf = ({ place }) => place.map(visible).join(" / ");

/** @param {Row} row */
export const nameOf = (row) => (row.who ? visible(row.who) : fileName(row.photo));

/** What is wrong with a photo, the gravest first. @param {Meta} meta @param {Row} row @param {Mark[]} marks */
export const faultsOf = (meta, row, marks = GRAVITY.slice(0, 3)) => marks.flatMap((grave) => row.marks.filter(([, mark]) => mark === grave).map(([rule, , isAbove]) => (
  told(meta.rules[rule].wrong[Number(isAbove)] ?? meta.rules[rule].name))));

/** Keys that nobody types into a field. @param {KeyboardEvent} event */
export function isCommand(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  return !(event.ctrlKey || event.metaKey || event.altKey || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));
}

/** As it is compared: width and case of letters and figures say nothing. @param {string} text */
export const folded = (text) => text.normalize("NFKC").toLowerCase();

/** What is looked for: each word must be found. @param {string} text */
export const wordsOf = (text) => folded(text).split(/[\s,、]+/).filter(Boolean);

/** Whether a student's name, numbers or class hold every word that is looked for, and not the class alone. @param {Meta["students"][number]} student @param {string[]} words */
export function isMeant(student, words) {
  const own = folded([student.who ?? "", ...student.codes].join("\n"));
  const place = folded([student.department, student.major, student.class].join("\n"));
  return words.some((word) => own.includes(word)) && words.every((word) => own.includes(word) || place.includes(word));
}
